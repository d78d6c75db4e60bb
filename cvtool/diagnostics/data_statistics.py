"""What there is to count in a data set: images by class, sizes and formats of files, pixels."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.mapped import chunks
from cvtool.datasets.preprocessing import full_range
from cvtool.diagnostics.pooled_images import readable


def class_counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Count the images that can be used, by part and class; those of no class do not count."""
    counts = {}
    for part, examples in dataset.parts.items():
        labels = examples.labels[readable(examples)]
        known = labels[(labels >= 0) & (labels < len(dataset.classes))]
        numbers = np.bincount(known, minlength=len(dataset.classes)).tolist()
        counts[part] = dict(zip(dataset.classes, numbers, strict=True))
    return counts


def sizes_and_modes(dataset: Dataset) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Count height×width and pixel format as stored, the most frequent first; none of points."""
    sizes: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    for examples in dataset.parts.values() if not dataset.has_points else ():
        kept = readable(examples)
        if examples.files is None:
            height, width, channels = dataset.image_shape
            sizes[f"{height}×{width}"] += len(kept)
            modes["L" if channels == 1 else "RGB"] += len(kept)
        else:
            pairs, times = np.unique(examples.files.sizes[kept], axis=0, return_counts=True)
            for (height, width), count in zip(pairs.tolist(), times.tolist(), strict=True):
                sizes[f"{height}×{width}"] += count
            modes.update(examples.files.modes[kept].tolist())
    return dict(sizes.most_common()), dict(modes.most_common())


def mean_and_std(examples: Examples) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each channel, of pixels in [0, 1].

    Of bytes the sums are of whole numbers, hence exact; floats are taken as they are. Without any
    image there is nothing to say, and both are empty.
    """
    kept = readable(examples)
    if not len(kept):
        return (), ()
    full = full_range(examples.images)
    pixels = len(kept) * int(np.prod(examples.images.shape[1:3]))
    total = _channel_sums(examples, lambda chunk: chunk)
    mean = total / pixels
    if examples.images.dtype == np.uint8:
        squares = _channel_sums(examples, lambda chunk: np.square(chunk, dtype=np.uint16))
        exact = pixels * squares.astype(object) - total.astype(object) ** 2
        variance = np.asarray(exact / pixels**2, np.float64)
    else:
        variance = _channel_sums(examples, lambda chunk: np.square(chunk - mean)) / pixels
    return tuple((mean / full).tolist()), tuple((np.sqrt(variance) / full).tolist())


def _channel_sums(examples: Examples, change: Any) -> NDArray[Any]:
    """Add up the pixels of each channel, changed first, over all images that can be used."""
    kept, images = readable(examples), examples.images
    total = np.zeros(images.shape[3], np.int64 if images.dtype == np.uint8 else np.float64)
    for start, chunk in chunks(images):
        first, last = np.searchsorted(kept, [start, start + len(chunk)])
        pixels = chunk if last - first == len(chunk) else chunk[kept[first:last] - start]
        total += change(pixels).sum(axis=(0, 1, 2), dtype=total.dtype)
    return total
