"""What a set-up can learn, and what it must not be able to (§6.5)."""

from math import sqrt

import numpy as np

from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.sanity.initial_loss import guessing
from cvtool.diagnostics.sanity.practice import Practice, look
from cvtool.diagnostics.sanity.setup import Labels, Setup, filled
from cvtool.layers.base import Array
from cvtool.records import SanityCheck
from cvtool.seeds import stream

PLAIN = {"regularization": "none", "strength": 0.0, "max_norm": None}
FEWEST, MOST = 20, 100
FITTING_STEPS = 300
PRACTICE_STEPS = 60
RATES = (1.0, 10.0, 0.1)
"""What the configured rate is multiplied by, in turn: whether it suits is another check's matter"""
NEAR_ZERO = 0.1
"""Share of the loss of guessing that is near zero."""
SURE = 4.0
"""Standard deviations beyond chance that are no luck."""


def tiny_subset(setup: Setup) -> SanityCheck:
    """Fit a few images of every class, without anything that hinders."""
    plain = setup.changed(**PLAIN)
    classes = len(setup.classes)
    images, labels = _few_of_each(plain)
    target = NEAR_ZERO * guessing(plain.anew().loss, classes, 0.0)
    best = (0.0, np.inf)
    for factor in RATES:
        practice = Practice(plain, plain.silent())
        rate = factor * plain.config.learning_rate
        best = max(best, _fitted(practice, images, labels, rate, target), key=_rank)
        ok = best[0] == 1.0 and best[1] < target
        if ok:
            break
    seen = f"{best[0]:.0%} of {len(labels)} images fitted, loss {best[1]:.3g}"
    if not ok:
        seen += f", not below {target:.2g}: gradients, loss or labels are wrong, or the network is "
        seen += "too small: try a larger --arch, or cvtool gradcheck"
    return SanityCheck("tiny subset", ok, 1.0, best[0], seen)


def _fitted(
    practice: Practice, images: Array, labels: Labels, rate: float, target: float
) -> tuple[float, float]:
    """Learn the same images again and again; return the best accuracy and its loss."""
    best = (0.0, np.inf)
    for _ in range(FITTING_STEPS):
        loss, scores = practice.step(images, labels, rate)
        if not np.isfinite(loss):
            break
        best = max(best, (float((scores.argmax(axis=1) == labels).mean()), loss), key=_rank)
        if best[0] == 1.0 and best[1] < target:
            break
    return best


def _rank(fit: tuple[float, float]) -> tuple[float, float]:
    return fit[0], -fit[1]


def _few_of_each(setup: Setup) -> tuple[np.ndarray, Labels]:
    batcher, classes = setup.train, len(setup.classes)
    each = max(1, min(max(FEWEST, 4 * classes), MOST) // classes)
    labels = batcher.subset.labels
    positions = [np.flatnonzero(labels == number)[:each] for number in range(classes)]
    return filled(batcher, np.concatenate(positions)[:MOST], setup.anew())


def learns(setup: Setup) -> SanityCheck:
    """Images that were not learned from are told better than by chance."""
    practice = Practice(setup, setup.anew())
    practice.run(setup.train, PRACTICE_STEPS)
    seen = look(setup, practice.network, setup.validation)
    least = seen.largest + SURE * _deviation(seen.largest, seen.total)
    ok = seen.accuracy > min(least, 0.99)
    message = f"{seen.accuracy:.0%} of validation images right after {PRACTICE_STEPS} steps, "
    message += f"{seen.largest:.0%} by the largest class"
    if not ok:
        message += ": labels are wrong, inputs say nothing, or the rate does not suit: try "
        message += "cvtool data check, or another --learning-rate"
    return SanityCheck(
        "learns from images", ok, f"> {min(least, 0.99):.3f}", seen.accuracy, message
    )


def shuffled_labels(setup: Setup) -> SanityCheck:
    """With labels that mean nothing, validation stays at chance."""
    train = setup.split.train
    subset = train.relabeled(_shuffled(train.labels, setup.config.seed))
    practice = Practice(setup, setup.anew())
    practice.run(setup.batches(subset), PRACTICE_STEPS)
    seen = look(setup, practice.network, setup.validation)
    # Images of a class are told alike, so that what counts is less than the number of images.
    chance = max(seen.largest, 1 / len(setup.classes))
    alike = SURE * _deviation(chance, seen.total) * 2
    most = min(chance + max(alike, (1 - chance) / 4), 0.95)
    ok = seen.accuracy <= most
    message = f"{seen.accuracy:.0%} of validation images right, by chance {chance:.0%}"
    if not ok:
        message += ": inputs give the labels away, take them out of --features or the images"
    return SanityCheck("shuffled labels", ok, f"≤ {most:.3f}", seen.accuracy, message)


def _shuffled(labels: Labels, seed: int) -> Labels:
    """Give the images of every class all labels, in the shares that these have."""
    random = stream(seed, "sanity", "labels")
    spread = random.permutation(labels)
    order: Indices = np.argsort(labels, kind="stable")
    # Dealt in sorted order along a stride, each class receives a fair sample of all.
    dealt = np.sort(spread)
    stride = np.arange(len(labels)) * _coprime(len(labels)) % len(labels)
    result = np.empty_like(labels)
    result[order] = dealt[stride]
    for number in np.unique(labels):
        of_class = np.flatnonzero(labels == number)
        result[of_class] = random.permutation(result[of_class])
    return result


def _coprime(count: int) -> int:
    """Find a stride near the golden share of ``count`` that visits everything."""
    stride = max(1, round(count * 0.618))
    while np.gcd(stride, count) != 1:
        stride += 1
    return stride


def zeroed_inputs(setup: Setup) -> SanityCheck:
    """Without any input the network learns no more than the balance of classes."""
    practice = Practice(setup, setup.anew())
    practice.run(setup.train, PRACTICE_STEPS // 2, blank=True)
    seen = look(setup, practice.network, setup.validation, blank=True)
    most = seen.largest + SURE * _deviation(seen.largest, seen.total)
    ok = seen.accuracy <= most
    message = f"{seen.accuracy:.0%} of validation images right without inputs, the largest class "
    message += f"has {seen.largest:.0%}"
    if not ok:
        message += ": labels reach the network by another way than --features"
    return SanityCheck("zeroed inputs", ok, f"≤ {most:.3f}", seen.accuracy, message)


def _deviation(share: float, count: int) -> float:
    return sqrt(share * (1 - share) / count)
