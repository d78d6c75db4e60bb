"""Means and standard deviations of training images, in one pass over their pixels.

For bytes all sums are of whole numbers, hence exact in whatever order they are made. Floats are
added up in double precision, a fixed few megabytes at a time, and gone through once more for what
they deviate by.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.split import Subset
from cvtool.kernels.pixel_statistics import sum_bytes
from cvtool.records import WorkRecord

Floats = NDArray[np.float64]
Change = Callable[[NDArray[Any]], NDArray[Any]]

NOISE = 1e-7
"""Below this share of the mean, float32 cannot tell a deviation from rounding."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Of pixels in [0, 1].

    Parameters
    ----------
    mean_image
        ``(height, width, channels)``: the mean of every pixel and channel over the images.
    channel_mean, deviation
        ``(channels,)``: mean and standard deviation of each channel over pixels and images.
    """

    mean_image: Floats
    channel_mean: Floats
    deviation: Floats

    @property
    def divisor(self) -> Floats:
        """The deviation of each channel, or one where the channel is constant."""
        return self._or_one(self.deviation)

    @property
    def divisor_about_mean_image(self) -> Floats:
        """What ``divisor`` becomes when the mean image is subtracted first.

        A channel's variance is that about the mean image plus that of the mean image.
        """
        between = ((self.mean_image - self.channel_mean) ** 2).mean(axis=(0, 1))
        return self._or_one(np.sqrt(np.maximum(self.deviation**2 - between, 0)))

    def _or_one(self, deviation: Floats) -> Floats:
        return np.where(deviation <= NOISE * np.abs(self.channel_mean), 1.0, deviation)


def full_range(images: NDArray[Any]) -> float:
    """Return the stored value that stands for one: 255 of bytes, 1 of floats."""
    return 255.0 if images.dtype == np.uint8 else 1.0


def measure(subset: Subset) -> Generator[WorkRecord, None, Moments]:
    """Go through the images of a subset, which has at least one; yield how far that is."""
    if subset.examples.images.dtype == np.uint8:
        return (yield from _measure_bytes(subset))
    return (yield from _measure_floats(subset))


def _measure_bytes(subset: Subset) -> Generator[WorkRecord, None, Moments]:
    images = subset.examples.images
    unit, pixels = full_range(images), images.shape[1] * images.shape[2]
    total = np.zeros(images.shape[1:], np.int64)
    squares = np.zeros(images.shape[3], np.int64)
    done = 0
    for indices in subset.in_chunks():
        sums, of_squares = sum_bytes(*subset.examples.pick(indices))
        total += sums
        squares += of_squares
        done += len(indices)
        yield _told(done, subset)
    count = done * pixels
    # Python's whole numbers, which cannot overflow: count·Σx² − (Σx)².
    of_channel = total.sum(axis=(0, 1)).astype(object)
    exact = count * squares.astype(object) - of_channel**2
    return Moments(
        mean_image=total / (done * unit),
        channel_mean=total.mean(axis=(0, 1)) / (done * unit),
        deviation=np.sqrt(np.asarray(exact / count**2, np.float64)) / unit,
    )


def _measure_floats(subset: Subset) -> Generator[WorkRecord, None, Moments]:
    count = len(subset)
    mean_image = (yield from _sum(subset, lambda pixels: pixels)) / count
    mean = mean_image.mean(axis=(0, 1))
    squares = yield from _sum(subset, lambda pixels: np.square(pixels - mean))
    return Moments(mean_image, mean, np.sqrt(squares.mean(axis=(0, 1)) / count))


def _sum(subset: Subset, change: Change) -> Generator[WorkRecord, None, Floats]:
    """Add up all images, each changed first, into ``(height, width, channels)``."""
    images = subset.examples.images
    total, done = np.zeros(images.shape[1:]), 0
    for indices in subset.in_chunks():
        picked, places = subset.examples.pick(indices)
        total += change(picked[places]).sum(axis=0, dtype=np.float64)
        done += len(indices)
        yield _told(done, subset)
    return total


def _told(done: int, subset: Subset) -> WorkRecord:
    return WorkRecord("adding up pixels, image", done, len(subset))
