"""The data as the network is fed with them: apart, in range, mixed, preprocessed once (§6.2)."""

from hashlib import blake2b

import numpy as np

from cvtool.datasets.moments import full_range
from cvtool.datasets.preprocessing_chain import WHITENINGS, parse_chain
from cvtool.datasets.split import Subset
from cvtool.diagnostics.sanity.setup import Setup, filled
from cvtool.records import SanityCheck

IMAGES = 512
OFF_CENTER = 0.25
WIDEST, NARROWEST = 2.0, 0.5
SAME = 2e-4
"""Difference of a mean, in deviations, that rounding may make."""


def labels_in_range(setup: Setup) -> SanityCheck:
    """Every label is that of a class, and every class is there to learn from."""
    classes = len(setup.classes)
    both = np.concatenate([setup.train.subset.labels, setup.validation.subset.labels])
    outside = int(((both < 0) | (both >= classes)).sum())
    absent = [
        name
        for number, name in enumerate(setup.classes)
        if number not in set(setup.train.subset.labels.tolist())
    ]
    message = f"{outside} labels are outside 0 to {classes - 1}"
    if outside:
        message += ": mend them, or leave the images out by --exclude"
    elif absent:
        message += f", but nothing is there to learn of {', '.join(absent[:3])}: try a larger "
        message += "--limit, or leave the class out"
    return SanityCheck("labels", not outside and not absent, 0, outside + len(absent), message)


def disjoint_parts(setup: Setup) -> SanityCheck:
    """No validation image, nor an equal one, is learned from."""
    train, validation = setup.train.subset, setup.validation.subset
    known = _digests(train)
    shared = sum(each in known for each in _digests_in_order(validation))
    message = f"{shared} of {len(validation)} validation images are among the training images"
    if shared:
        message += ": the validation accuracy is not to be trusted, run cvtool data check --fix "
        message += "and pass its list to --exclude"
    return SanityCheck("disjoint parts", shared == 0, 0, shared, message)


def _digests(subset: Subset) -> frozenset[bytes]:
    return frozenset(_digests_in_order(subset))


def _digests_in_order(subset: Subset) -> list[bytes]:
    digests = []
    for chunk in subset.in_chunks():
        images, places = subset.examples.pick(chunk)
        digests += [blake2b(images[at].tobytes(), digest_size=16).digest() for at in places]
    return digests


def training_statistics(setup: Setup) -> SanityCheck:
    """Hold the mean that is subtracted to that of the training images alone."""
    used, kind = setup.preprocessing, setup.config.preprocess
    words = parse_chain(kind)
    if "none" in words:
        return SanityCheck("training statistics", True, 0.0, 0.0, "nothing is fitted to images")
    mean, std = _mean_and_deviation(setup.split.train)
    if used.mean.ndim < 3:
        std = np.sqrt((std**2).mean(axis=(0, 1)) + mean.var(axis=(0, 1)))
        mean = mean.mean(axis=(0, 1))
    off = float(np.abs((used.mean - mean) / np.maximum(std, 1e-3)).max())
    if "standardize" in words and used.mean.ndim < 3 and not set(words) & set(WHITENINGS):
        off = max(off, float(np.abs(used.scale / np.maximum(std, 1e-3) - 1)[std > 1e-3].max()))
    ok = off <= SAME
    message = f"means and deviations are within {off:.1g} deviations of the training images'"
    if not ok:
        message += ": fit them to the training part alone, as --preprocess does"
    return SanityCheck("training statistics", ok, f"≤ {SAME:g}", off, message)


def _mean_and_deviation(subset: Subset) -> tuple[np.ndarray, np.ndarray]:
    """Reckon both for every pixel and channel, in double precision and units of the full range."""
    total = np.zeros(subset.examples.images.shape[1:])
    squares, unit = np.zeros_like(total), full_range(subset.examples.images)
    for chunk in subset.in_chunks():
        images, places = subset.examples.pick(chunk)
        pixels = np.asarray(images[places], np.float64) / unit
        total += pixels.sum(axis=0)
        squares += (pixels**2).sum(axis=0)
    mean = total / len(subset)
    return mean, np.sqrt(np.maximum(squares / len(subset) - mean**2, 0))


def input_range(setup: Setup) -> SanityCheck:
    """Numbers reach the network as its preprocessing promises."""
    batcher, words = setup.train, parse_chain(setup.config.preprocess)
    some = np.linspace(0, len(batcher.subset) - 1, min(IMAGES, len(batcher.subset)))
    images, _ = filled(batcher, some.astype(np.int64), setup.anew())
    mean, std = float(images.mean(dtype=np.float64)), float(images.std(dtype=np.float64))
    centered = "none" in words or abs(mean) <= OFF_CENTER
    wide = WIDEST if "none" not in words else np.inf
    narrow = NARROWEST if "standardize" in words and not set(words) & set(WHITENINGS) else 1e-3
    in_range = "none" not in words or float(np.abs(images).max()) <= _promised(setup)
    ok = bool(np.isfinite(images).all() and centered and narrow <= std <= wide and in_range)
    expected = f"mean 0, deviation {narrow:g} to {wide:g}" if "none" not in words else "0 to 1"
    message = f"inputs have a mean of {mean:.2g} and a deviation of {std:.2g}"
    if not ok:
        message += ": they are constant, not brought to a common range, or were twice, "
        message += "try --preprocess standardize"
    return SanityCheck(
        "input range", ok, expected, f"mean {mean:.3g}, deviation {std:.3g}", message
    )


def _promised(setup: Setup) -> float:
    """Bytes are brought to [0, 1]; floats are taken as they are, within reason."""
    return 1.0 if setup.split.train.examples.images.dtype == np.uint8 else 10.0


def mixed_batches(setup: Setup) -> SanityCheck:
    """Batches hold as many classes as luck would have it, not one after the other."""
    config, labels = setup.config, setup.train.subset.labels
    order = setup.procedure.order(len(labels), config.batch_size, config.seed, 1)
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    batches = [labels[positions] for positions in order if len(positions) == config.batch_size]
    batches = batches or [labels[order[0]]]
    seen = float(np.mean([len(np.unique(batch)) for batch in batches]))
    expected = float((1 - (1 - shares) ** len(batches[0])).sum())
    ok = seen >= 0.6 * expected
    message = f"a batch holds {seen:.1f} classes, by chance {expected:.1f}"
    if not ok:
        message += ": images come sorted by class, shuffle them anew before every epoch (a larger "
        message += "--batch-size hides it at best)"
    return SanityCheck("mixed batches", ok, round(expected, 2), seen, message)
