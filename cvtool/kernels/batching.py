"""Assemble a batch: gather, preprocess, flip and shift in one pass over the pixels.

Every pixel is read once as it is stored and written once as the network wants it, straight into
the network's own, possibly padded, input buffer.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel

Array = NDArray[Any]


def assemble(
    images: Array,
    indices: Array,
    mean: Array,
    inverse_scale: Array,
    flips: Array,
    shifts: Array,
    out: Array,
) -> None:
    """Write ``(images[indices] − mean) · inverse_scale``, then flipped, then shifted, into ``out``.

    Parameters
    ----------
    images
        ``(n, height, width, channels)`` uint8, float32 or float64.
    indices
        ``(batch,)`` integers from 0 to n − 1.
    mean, inverse_scale
        ``(height, width, channels)`` in the type of ``out``.
    flips
        ``(batch,)`` bool, true to mirror left to right.
    shifts
        ``(batch, 2)`` integers, pixels down and to the right; what is uncovered becomes zero.
    out
        ``(batch, height, width, channels)`` float32 or float64, of any strides.

    Raises
    ------
    ValueError
        If shapes do not fit each other.
    IndexError
        If there are no images of such indices.
    """
    batch, *shape = out.shape
    if (
        [*images.shape[1:]] != shape
        or [*mean.shape] != shape
        or [*inverse_scale.shape] != shape
        or (len(indices), len(flips), shifts.shape) != (batch, batch, (batch, 2))
    ):
        raise ValueError(
            f"images {images.shape}, mean {mean.shape}, scale {inverse_scale.shape}, "
            f"{len(indices)} indices, {len(flips)} flips and shifts {shifts.shape} do not make "
            f"out {out.shape}"
        )
    if batch and (indices.min() < 0 or indices.max() >= len(images)):
        raise IndexError(f"indices must be from 0 to {len(images) - 1}")
    stored, mean, scale = map(_for_reading, (images, mean, inverse_scale))
    _assemble(stored, indices, mean, scale, flips, shifts, out)


def _for_reading(array: Array) -> Array:
    """View any array, mapped, writable or not, as one type, so that one kernel is compiled."""
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


@kernel
def _assemble(images, indices, mean, inverse_scale, flips, shifts, out):
    for position in prange(len(indices)):
        image = images[indices[position]]
        _place(image, mean, inverse_scale, flips[position], shifts[position], out[position])


@helper
def _place(image, mean, inverse_scale, flip, shift, out):
    height, width, channels = out.shape
    down, right = shift
    # What remains of each row after the shift; the rest, and rows from outside, are zero.
    first, last = max(0, right), width + min(0, right)
    for y in range(height):
        row = y - down
        if row < 0 or row >= height or first >= last:
            out[y] = 0
            continue
        out[y, :first] = 0
        out[y, last:] = 0
        for x in range(first, last):
            column = width - 1 - (x - right) if flip else x - right
            for c in range(channels):
                centered = image[row, column, c] - mean[row, column, c]
                out[y, x, c] = centered * inverse_scale[row, column, c]
