"""From a subset of stored images to batches for a network."""

from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cvtool.datasets.augmentation import Augmentation, still
from cvtool.datasets.dataset import Indices
from cvtool.datasets.moments import full_range
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.kernels.batching import assemble
from cvtool.kernels.packing import multiply_packed, pack
from cvtool.seeds import stream


def batch_order(
    count: int, batch_size: int, seed: int | None = None, epoch: int = 0
) -> list[Indices]:
    """Cut the positions 0 to ``count`` − 1 into batches; the last may be smaller.

    Each epoch has its own order, a function of the seed and its number alone; without a seed the
    positions stay in order.
    """
    order = np.arange(count, dtype=np.int64)
    if seed is not None:
        order = stream(seed, "batches", epoch).permutation(order)
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]


class Batches(Protocol):
    """Whatever writes images of a subset into the memory a network reads from."""

    subset: Subset
    augments: bool
    """Whether it makes use of random numbers."""

    def fill(
        self, positions: Indices, out: NDArray[Any], random: np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Write the images at positions of the subset into ``out`` and return their labels."""


class Batcher:
    """Preprocesses, and for training augments, images of a subset while copying them to a batch."""

    def __init__(
        self,
        subset: Subset,
        preprocessing: Preprocessing,
        augmentation: Augmentation | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        images = subset.examples.images
        self.subset = subset
        self.augmentation = augmentation
        self.augments = augmentation not in (None, Augmentation())
        self.shape: tuple[int, int, int] = images.shape[1:]
        # Both in units of the stored pixels, so that a byte needs no division of its own.
        unit = full_range(images)
        self._mean = self._spread(preprocessing.mean * unit, dtype)
        self._inverse_scale = self._spread(
            1 / (preprocessing.scale.astype(np.float64) * unit), dtype
        )
        self._whitener = None
        if preprocessing.whitening is not None:
            self._whitener = _Whitener(preprocessing.whitening.matrix.astype(dtype), self.shape)

    def fill(
        self,
        positions: Indices,
        out: NDArray[np.floating],
        random: np.random.Generator | None = None,
    ) -> NDArray[np.int64]:
        """Write the images at positions of the subset into ``out`` and return their labels.

        Parameters
        ----------
        positions
            ``(batch,)``, as from ``batch_order``.
        out
            ``(batch, height, width, channels)`` of the batcher's type; may be a view.
        random
            Random numbers to augment with; without them images stay as they are.
        """
        flips, shifts = still(len(positions))
        if self.augmentation is not None and random is not None:
            flips, shifts = self.augmentation.draw(len(positions), random, self.shape)
        indices = self.subset.indices[positions]
        images, places = self.subset.examples.pick(indices)
        if self._whitener is None:
            assemble(images, places, self._mean, self._inverse_scale, flips, shifts, out)
        else:
            room = self._whitener.room(len(positions))
            unchanged = still(len(positions))
            assemble(images, places, self._mean, self._inverse_scale, *unchanged, room)
            self._whitener.write(room, flips, shifts, out)
        return self.subset.examples.labels[indices]

    def _spread(self, values: NDArray[np.floating], dtype: DTypeLike) -> NDArray[np.floating]:
        return np.ascontiguousarray(np.broadcast_to(values, self.shape), dtype=dtype)


class _Whitener:
    """Multiplies images by a matrix, and augments them on the way to the batch."""

    def __init__(self, matrix: NDArray[Any], shape: tuple[int, int, int]) -> None:
        self._blocks = pack(matrix)
        self._shape, self._dtype = shape, matrix.dtype
        self._zeros, self._ones = np.zeros(shape, matrix.dtype), np.ones(shape, matrix.dtype)

    def room(self, count: int) -> NDArray[Any]:
        """Make room for centered images."""
        return np.empty((count, *self._shape), self._dtype)

    def write(
        self,
        images: NDArray[Any],
        flips: NDArray[np.bool_],
        shifts: NDArray[np.int16],
        out: NDArray[Any],
    ) -> None:
        """Whiten centered images into ``out``, flipped and shifted there."""
        count, white = len(images), self.room(len(images))
        rows = (count, prod(self._shape))
        multiply_packed(images.reshape(rows), self._blocks, out=white.reshape(rows))
        assemble(white, np.arange(count), self._zeros, self._ones, flips, shifts, out)
