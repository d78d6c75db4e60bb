"""Claims on how gradients are computed, and on how few images (notes §3.3)."""

from functools import partial
from time import perf_counter

import numpy as np

from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import (
    Matrix,
    draw,
    pixel_rows,
    standardized,
    with_interval,
)
from cvtool.losses.softmax import softmax_loss
from cvtool.seeds import stream

_BATCHES = (8, 32, 128)
_DRAWS = 40


def _minibatch(bench: Bench) -> Measurement:
    powers, cosines = [], {size: list[float]() for size in _BATCHES}
    for repeat in range(6):
        rows, labels, weights = _start(bench, "minibatch", repeat)
        whole = _gradient(rows, labels, weights).ravel()
        random = stream(bench.seed, "claims", "minibatch", "batches", repeat)
        errors = []
        for size in _BATCHES:
            batches = random.integers(0, len(labels), (_DRAWS, size))
            some = [_gradient(rows[each], labels[each], weights).ravel() for each in batches]
            errors.append(np.mean([np.linalg.norm(each - whole) for each in some]))
            cosines[size] += [_cosine(each, whole) for each in some]
        powers.append(float(np.polyfit(np.log(_BATCHES), np.log(errors), 1)[0]))
    measured = with_interval("power", powers)
    means = {size: float(np.mean(found)) for size, found in cosines.items()}
    measured |= {f"cosine at {size}": mean for size, mean in means.items()}
    rises = list(means.values()) == sorted(means.values())
    return holds(
        rises and measured["power low"] > -0.6 and measured["power high"] < -0.4,
        measured,
        f"the error falls with the batch to the power {measured['power']:.2f} (95 % interval "
        f"{measured['power low']:.2f} to {measured['power high']:.2f}; −½ expected), and the "
        f"cosine to the full gradient rises: "
        + ", ".join(f"{mean:.2f} at {size}" for size, mean in means.items()),
    )


def _numeric_slow(bench: Bench) -> Measurement:
    rows, labels, weights = _start(bench, "numeric-slow", 0)
    rows, weights = rows[:100, :64], weights[:64]
    analytic = min(_timed(partial(_gradient, rows, labels[:100], weights)) for _ in range(5))
    numeric = min(_timed(partial(_numeric, rows, labels[:100], weights)) for _ in range(2))
    ratio = numeric / analytic
    return holds(
        ratio > 20,
        {"ratio": ratio, "weights": weights.size},
        f"central differences of {weights.size} weights take {ratio:,.0f} times as long as the "
        f"formula: {2 * weights.size:,} losses instead of one",
    )


def _start(bench: Bench, name: str, repeat: int) -> tuple[Matrix, Indices, Matrix]:
    """Draw images, and weights about as large as they start."""
    images, labels = draw(bench, 600, name, repeat)
    rows = standardized(raw := pixel_rows(images), raw)
    random = stream(bench.seed, "claims", name, "weights", repeat)
    return rows, labels, random.normal(0, 0.01, (rows.shape[1], len(bench.dataset.classes)))


def _gradient(rows: Matrix, labels: Indices, weights: Matrix) -> Matrix:
    _, grad_scores = softmax_loss(rows @ weights, labels)
    gradient: Matrix = rows.T @ grad_scores
    return gradient


def _numeric(rows: Matrix, labels: Indices, weights: Matrix, step: float = 1e-5) -> Matrix:
    gradient, moved = np.empty_like(weights), weights.copy()
    for place in np.ndindex(weights.shape):
        sides = []
        for sign in (1, -1):
            moved[place] = weights[place] + sign * step
            sides.append(softmax_loss(rows @ moved, labels)[0])
        moved[place] = weights[place]
        gradient[place] = (sides[0] - sides[1]) / (2 * step)
    return gradient


def _timed(work: partial[Matrix]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _cosine(one: Matrix, other: Matrix) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) or 1.0))


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "minibatch-approximates",
        "§3.3",
        "gradients of minibatches approximate the full one",
        _minibatch,
    ),
    Claim(
        "numeric-gradient-slow",
        "§3.3",
        "the numerical gradient is far slower than the analytic one",
        _numeric_slow,
    ),
)
