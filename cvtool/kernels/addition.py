"""Sums of two batches, for layers whose branches meet again."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array, pixel_at, pixel_shape, pixels_of


@kernel
def _add(low, one, share, other, shape, out):
    count, height, width, channels = shape
    for line in prange(count * height):
        image, row = line // height, line % height
        for column in range(width):
            first = pixel_at(low, one, image, row, column, channels)
            second = pixel_at(low, other, image, row, column, channels)
            results = pixel_at(low, out, image, row, column, channels)
            for channel in range(channels):
                result = share * first[channel] + second[channel]
                results[channel] = low if result < low else result


def add(
    one: Array, other: Array, *, share: float = 1.0, rectify: bool = False, out: Array
) -> Array:
    """Write ``share·one + other``, negative sums as zero if ``rectify``.

    All are ``(n, height, width, channels)`` or ``(n, channels)`` with contiguous channels; ``out``
    may be one of the two.
    """
    low = out.dtype.type(0 if rectify else -np.inf)
    pixels = (pixels_of(array) for array in (one, other, out))
    first, second, results = pixels
    _add(low, first, out.dtype.type(share), second, pixel_shape(out), results)
    return out
