"""Before the first step a network guesses, and its loss says so (§6.5)."""

from math import erf, exp, log, pi, sqrt

import numpy as np

from cvtool.config import TrainConfig
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.layers.base import Parameter
from cvtool.losses.svm import MARGIN
from cvtool.records import SanityCheck

IMAGES = 256
VARIANCE = 4.0
"""Variance of scores across classes that a suitable initialization stays below.

Inputs of variance 1 keep it through Xavier's weights, and double it at most through He's.
"""
HEAVY = 2.0
"""A penalty of so many times the loss of the data leaves the weights nothing but to shrink."""


def initial_loss(setup: Setup) -> SanityCheck:
    """Compare the loss at the start with that of guessing, for scores as wide as they are.

    Scores that differ by chance, with a variance v across classes, raise the softmax loss of
    ln C by v/2; the hinges in proportion to what chance puts beyond the margin.
    """
    images, labels = setup.first_batch(IMAGES)
    network = setup.silent()
    loss, scores = setup.procedure.learn(network, images, labels)
    classes, kind = len(setup.classes), network.loss
    variance = float(np.var(scores.astype(np.float64), axis=1).mean())
    usual = guessing(kind, classes, 0.0)
    expected = guessing(kind, classes, min(variance, VARIANCE))
    # Classes share their luck over all images, because these share the weights.
    reach = 0.1 * usual + 3 * sqrt(2 * min(variance, VARIANCE) / classes)
    ok = bool(np.isfinite(loss) and abs(loss - expected) <= reach)
    seen = f"guessing among {classes} costs {usual:.2f}, with such scores {expected:.2f} ± "
    seen += f"{reach:.2f}; seen {loss:.2f}"
    if variance > VARIANCE:
        seen += f", from scores of variance {variance:.2g}: try --init auto"
    elif not ok:
        seen += ": the loss is not the mean over images, or the scores are not what it takes: "
        seen += "try --loss softmax and --init auto"
    return SanityCheck("initial loss", ok, round(expected, 4), loss, seen)


def guessing(kind: str, classes: int, variance: float) -> float:
    """Return the expected loss of normal scores that know nothing."""
    if kind == "softmax":
        return log(classes) + variance / 2 * (1 if variance < 2 else sqrt(2 / variance))
    spread = sqrt(2 * variance)
    if kind == "squared-svm":
        return (classes - 1) * _half_square(MARGIN, spread)
    return (classes - 1) * _half(MARGIN, spread)


def _half(mean: float, spread: float) -> float:
    """E max(0, x) of a normal x."""
    if spread == 0:
        return max(0.0, mean)
    at = mean / spread
    return mean * _below(at) + spread * exp(-(at**2) / 2) / sqrt(2 * pi)


def _half_square(mean: float, spread: float) -> float:
    """E max(0, x)² of a normal x."""
    if spread == 0:
        return max(0.0, mean) ** 2
    at = mean / spread
    density = exp(-(at**2) / 2) / sqrt(2 * pi)
    return (mean**2 + spread**2) * _below(at) + mean * spread * density


def _below(at: float) -> float:
    return (1 + erf(at / sqrt(2))) / 2


def regularization(setup: Setup) -> SanityCheck:
    """Compare λR(W) and its gradient with sums of their own."""
    network = setup.anew()
    images, labels = setup.first_batch(IMAGES)
    loss, _ = setup.procedure.learn(network, images, labels)
    before = [each.gradient.copy() for each in network.parameters]
    price = setup.procedure.penalize(network.parameters, setup.config)
    weights = [each for each in network.parameters if each.regularized]
    expected = sum(_price(each, setup.config) for each in weights)
    worst = max(
        (_slope_error(each, old, setup.config) for each, old in _pairs(network.parameters, before)),
        default=0.0,
    )
    equal = abs(price - expected) <= 1e-3 * max(expected, 1e-9)
    light = expected <= HEAVY * max(loss, 1e-9)
    message = f"the penalty raises the loss by {price:.4g}, by its formula {expected:.4g}"
    if not light:
        message += f", far beyond the {loss:.2g} of the data: try --strength "
        message += f"{setup.config.strength * loss / expected / 10:.0e}"
    elif not equal or worst > SLOPE:
        message += f", and its gradient is off by {worst:.0%}: try --regularization none to do "
        message += "without until it is mended"
    ok = equal and light and worst <= SLOPE
    return SanityCheck("regularization", ok, round(expected, 6), price, message)


SLOPE = 0.02
"""Relative error of the penalty's gradient beyond rounding in float32."""


def _pairs(
    parameters: tuple[Parameter, ...], before: list[np.ndarray]
) -> list[tuple[Parameter, np.ndarray]]:
    pairs = zip(parameters, before, strict=True)
    return [(each, old) for each, old in pairs if each.regularized]


def _coefficients(config: TrainConfig) -> tuple[float, float]:
    table = {
        "none": (0.0, 0.0),
        "l2": (1.0, 0.0),
        "l1": (0.0, 1.0),
        "elastic-net": (config.elastic_beta, 1.0),
    }
    square, absolute = table[config.regularization]
    return config.strength * square, config.strength * absolute


def _price(weights: Parameter, config: TrainConfig) -> float:
    square, absolute = _coefficients(config)
    values = weights.values.astype(np.float64)
    return float(square * np.sum(values**2) + absolute * np.sum(np.abs(values)))


def _slope_error(weights: Parameter, before: np.ndarray, config: TrainConfig) -> float:
    square, absolute = _coefficients(config)
    values = weights.values.astype(np.float64)
    slope = 2 * square * values + absolute * np.sign(values)
    added = weights.gradient.astype(np.float64) - before
    # What is added is rounded to the precision of the gradient it is added to.
    rounding = np.finfo(before.dtype).eps * np.linalg.norm(before)
    size = np.linalg.norm(slope)
    return float(max(0.0, np.linalg.norm(added - slope) - rounding) / size) if size > 0 else 0.0
