"""What there is to count in a data set: images by class, sizes and formats of files, pixels."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from cvtool.datasets import looking
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.moments import measure
from cvtool.datasets.request import Progress
from cvtool.datasets.split import Subset
from cvtool.diagnostics.data.pooled_images import readable
from cvtool.records import finish


def class_counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Count the images that can be used, by part and class; those of no class do not count."""
    counts = {}
    for part, examples in dataset.parts.items():
        numbers = looking.class_counts(examples.labels[readable(examples)], len(dataset.classes))
        counts[part] = dict(zip(dataset.classes, numbers.tolist(), strict=True))
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


def mean_and_std(
    examples: Examples, progress: Progress | None = None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation of each channel, of pixels in [0, 1].

    Without any image there is nothing to say, and both are empty.
    """
    kept = readable(examples)
    if not len(kept):
        return (), ()
    moments = finish(measure(Subset(examples, kept)), progress)
    return tuple(moments.channel_mean.tolist()), tuple(moments.deviation.tolist())
