"""Memory that a layer keeps between steps.

A fresh array of some megabytes costs a page fault for every 4 KiB of it, often more than the work
done in it; a layer therefore asks once and reuses.
"""

import math

import numpy as np
from numpy.typing import DTypeLike

from cvtool.layers.base import Array, Shape

_CACHE_LINE = 64


class Buffer:
    """One piece of memory, grown to the largest array ever taken from it.

    Each array taken is contiguous, starts at a cache line, is not cleared, and lies where the one
    taken before lay. A last, smaller batch thus gets the head of the memory of a full one.
    """

    def __init__(self) -> None:
        self._memory = _aligned(0)

    def take(self, shape: Shape, dtype: DTypeLike) -> Array:
        """Return an array of this shape and type, with whatever the memory holds."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size > self._memory.size:
            self._memory = _aligned(size)
        return self._memory[:size].view(dtype).reshape(shape)

    def like(self, array: Array) -> Array:
        """Return a contiguous array of the shape and type of another."""
        return self.take(array.shape, array.dtype)


def _aligned(size: int) -> Array:
    memory = np.empty(size + _CACHE_LINE, dtype=np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    return memory[start : start + size]
