"""What is subtracted from pixels, and what they are divided by (notes §6.2).

Pixels are always brought to a range of [0, 1] first: bytes are divided by 255, floats are taken as
they are. The statistics come from training images alone; what is held out never has a say in them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.split import Subset

_BYTES_AT_ONCE = 2**22
_NOISE = 1e-7  # below this share of the mean, float32 cannot tell a deviation from rounding


@dataclass(frozen=True, eq=False)
class Preprocessing:
    """``(pixels − mean) / scale``, for pixels in [0, 1].

    Parameters
    ----------
    kind
        ``none``; ``mean-image``: a mean for each pixel and channel; ``channel-mean``: a mean for
        each channel; ``standardize``: that, and division by each channel's standard deviation.
    mean, scale
        float32 of shape ``()``, ``(channels,)`` or ``(height, width, channels)``.
    """

    kind: str
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    @classmethod
    def fit(cls, kind: str, subset: Subset) -> Self:
        """Learn mean and scale from training images, a few megabytes at a time.

        For bytes all sums are of whole numbers, hence exact in whatever order they are made.
        """
        mean, scale = _KINDS[kind](subset)
        return cls(kind, np.asarray(mean, np.float32), np.asarray(scale, np.float32))

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what has to be saved to preprocess other images likewise."""
        return {"mean": self.mean, "scale": self.scale}

    @classmethod
    def from_arrays(cls, kind: str, arrays: Mapping[str, NDArray[np.float32]]) -> Self:
        """Rebuild what ``to_arrays`` gave."""
        return cls(kind, arrays["mean"], arrays["scale"])


def full_range(images: NDArray[Any]) -> float:
    """Return the stored value that stands for one: 255 of bytes, 1 of floats."""
    return 255.0 if images.dtype == np.uint8 else 1.0


Statistics = tuple[NDArray[Any] | float, NDArray[Any] | float]


def _none(_: Subset) -> Statistics:
    return 0.0, 1.0


def _mean_image(subset: Subset) -> Statistics:
    return _sum(subset) / (len(subset) * full_range(subset.examples.images)), 1.0


def _channel_mean(subset: Subset) -> Statistics:
    return _sum(subset).mean(axis=(0, 1)) / (len(subset) * full_range(subset.examples.images)), 1.0


def _standardize(subset: Subset) -> Statistics:
    mean, scale = _channel_mean(subset)
    deviation = np.sqrt(_channel_variance(subset)) / full_range(subset.examples.images)
    constant = deviation <= _NOISE * np.abs(mean)
    return mean, np.where(constant, scale, deviation)


def _channel_variance(subset: Subset) -> NDArray[np.float64]:
    """Variance of each channel, in squares of stored values."""
    images = subset.examples.images
    count = len(subset) * images.shape[1] * images.shape[2]
    total = _sum(subset).sum(axis=(0, 1))
    if images.dtype == np.uint8:
        squares = _sum(subset, lambda pixels: np.square(pixels, dtype=np.uint16)).sum(axis=(0, 1))
        # Python's whole numbers, which cannot overflow: count·Σx² − (Σx)².
        exact = count * squares.astype(object) - total.astype(object) ** 2
        return np.asarray(exact / count**2, np.float64)
    centered = _sum(subset, lambda pixels: np.square(pixels - total / count))
    return np.asarray(centered.sum(axis=(0, 1)) / count)


def _sum(
    subset: Subset, change: Callable[[NDArray[Any]], NDArray[Any]] = lambda pixels: pixels
) -> NDArray[Any]:
    """Add up all images, each changed first, into ``(height, width, channels)``."""
    images = subset.examples.images
    total = np.zeros(images.shape[1:], np.int64 if images.dtype == np.uint8 else np.float64)
    step = max(1, _BYTES_AT_ONCE // images[:1].nbytes)
    for start in range(0, len(subset), step):
        pixels = subset.images_at(slice(start, start + step))
        total += change(pixels).sum(axis=0, dtype=total.dtype)
    return total


_KINDS: dict[str, Callable[[Subset], Statistics]] = {
    "none": _none,
    "mean-image": _mean_image,
    "channel-mean": _channel_mean,
    "standardize": _standardize,
}
