"""What one step does to the parameters and to the loss (§6.6)."""

from statistics import median

import numpy as np

from cvtool.diagnostics.layer_health import UPDATE_RATIO
from cvtool.diagnostics.sanity.learning_ability import PLAIN
from cvtool.diagnostics.sanity.practice import Practice
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.records import SanityCheck
from cvtool.training.health import UpdateRatios

IMAGES = 128
WARM_UP = 5
FAR = 50.0
"""Factor that first updates stay within: Adam at 1e-2 on a spiral begins, healthy, at 31."""
FALL = 0.003
"""Share of the loss that a step along the negative gradient is to take off."""


def everything_moves(setup: Setup) -> SanityCheck:
    """One step changes every parameter tensor, by gradients alone."""
    plain = setup.changed(**PLAIN)
    network = plain.silent()
    images, labels = plain.first_batch(IMAGES)
    before = [each.values.copy() for each in network.parameters]
    Practice(plain, network).step(images, labels, plain.config.learning_rate)
    pairs = zip(network.parameters, before, strict=True)
    still = [each.name for each, old in pairs if np.array_equal(each.values, old)]
    total = len(before)
    message = f"one step changes {total - len(still)} of {total} parameter tensors"
    if still:
        message += f", not {', '.join(still[:3])}: no gradient reaches them, try --init auto or "
        message += "another --learning-rate, else cvtool gradcheck"
    return SanityCheck("everything moves", not still, total, total - len(still), message)


def update_size(setup: Setup) -> SanityCheck:
    """Hold updates to about a thousandth of their norm."""
    practice = Practice(setup, setup.anew())
    images, labels = setup.first_batch(IMAGES)
    for _ in range(WARM_UP - 1):
        practice.step(images, labels, setup.config.learning_rate)
    watched = UpdateRatios(practice.network.parameters)
    practice.step(images, labels, setup.config.learning_rate)
    found = watched.measure()
    ratio = median(found.values()) if found else 0.0
    ok = bool(UPDATE_RATIO / FAR <= ratio <= UPDATE_RATIO * FAR)
    message = f"a step changes the weights by {ratio:.1g} of their norm"
    if not ok and ratio > 0 and np.isfinite(ratio):
        rate = setup.config.learning_rate * UPDATE_RATIO / ratio
        message += f", far from {UPDATE_RATIO:g}: try --learning-rate {rate:.0e}"
    elif not ok:
        message += f", far from {UPDATE_RATIO:g}: try another --learning-rate"
    return SanityCheck("update size", ok, UPDATE_RATIO, ratio, message)


def descent(setup: Setup) -> SanityCheck:
    """Hold a small step along the negative gradient to what it promises to take off the loss."""
    network, learn = setup.silent(), setup.procedure.learn
    images, labels = setup.first_batch(IMAGES)
    loss, _ = learn(network, images, labels)
    square = sum(
        float(np.sum(each.gradient.astype(np.float64) ** 2)) for each in network.parameters
    )
    promised = FALL * loss
    step = promised / square if square > 0 else 0.0
    for each in network.parameters:
        each.values -= (step * each.gradient).astype(each.values.dtype)
    after, _ = learn(network, images, labels)
    share = (loss - after) / promised if promised > 0 else 0.0
    ok = 0.5 <= share <= 2.0
    message = f"the loss falls by {share:.2f} of what the gradient promises"
    if not ok:
        message += ": the gradient is not that of the loss, look into it by cvtool gradcheck, and "
        message += "try --init auto"
    return SanityCheck("descent", bool(ok), 1.0, share, message)
