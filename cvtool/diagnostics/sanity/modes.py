"""Training and inference: where they have to differ, and where they must not (§6.4, §6.5)."""

import numpy as np

from cvtool.diagnostics.sanity.practice import Practice
from cvtool.diagnostics.sanity.setup import Setup
from cvtool.layers.base import Array
from cvtool.layers.batch_norm import BatchNorm
from cvtool.records import SanityCheck

IMAGES = 64
STEPS = 10
EQUAL = 1e-3
"""Difference of scores, as a share of their size, that rounding makes at most."""
CLOSE = 0.15
"""The same for batch norm, whose running variances are unbiased."""
SETTLING = 100
"""Passes after which running statistics are those of a batch: 0.9¹⁰⁰ of their start is left."""


def batch_independence(setup: Setup) -> SanityCheck:
    """Scores of an image at inference are the same whatever else is in its batch."""
    practice = Practice(setup, setup.anew())
    practice.run(setup.train, STEPS)
    images, _ = setup.first_batch(IMAGES)
    infer, half = setup.procedure.infer, len(images) // 2
    together = infer(practice.network, images.copy())[half:].copy()
    apart = infer(practice.network, images[half:].copy()).copy()
    difference = _difference(together, apart)
    ok = difference <= EQUAL
    message = f"scores differ by {difference:.1g} of their size between batches"
    if not ok:
        message += ": inference uses batch statistics or dropout, call the network without "
        message += "training, or take bn and dropout out of --arch"
    return SanityCheck("batch independence", ok, 0.0, difference, message)


def modes_agree(setup: Setup) -> SanityCheck:
    """Scores of training and inference agree once noise is out and statistics have settled."""
    network = setup.silent()
    images, _ = setup.first_batch(IMAGES)
    has_statistics = any(isinstance(each, BatchNorm) for each in network.chain.walk())
    for _ in range(SETTLING if has_statistics else 1):
        training = network.chain.forward(images.copy(), training=True).copy()
    inference = setup.procedure.infer(network, images.copy()).copy()
    allowed = CLOSE if has_statistics else EQUAL
    difference = _difference(training, inference)
    ok = difference <= allowed
    message = f"scores of training and inference differ by {difference:.1g} of their size"
    if not ok:
        message += ": inference does something else than training, try --arch without bn"
    return SanityCheck("modes agree", ok, f"≤ {allowed:g}", difference, message)


def _difference(one: Array, other: Array) -> float:
    size = float(np.std(one, dtype=np.float64)) or 1.0
    return float(np.abs(one.astype(np.float64) - other).max() / size)
