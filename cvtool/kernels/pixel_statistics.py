"""Sums over stored bytes, pixel by pixel: what means and standard deviations are made of.

Bytes add up to whole numbers, which no order of adding can change.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import kernel

# Pieces of images that are added up beside each other; enough for many threads.
_PIECES = 16
# As many squares of bytes as fit into 32 bits for sure.
_LONGEST = 2**32 // 255**2


def sum_bytes(
    images: NDArray[np.uint8], indices: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add up images, and their squares.

    Parameters
    ----------
    images
        ``(n, height, width, channels)`` uint8.
    indices
        ``(count,)`` integers from 0 to n − 1: which images.

    Returns
    -------
    sums
        ``(height, width, channels)`` int64, of every pixel and channel over the images.
    squares
        ``(channels,)`` int64, of each channel over pixels and images.

    Raises
    ------
    TypeError
        If the images are no bytes.
    IndexError
        If there are no images of such indices.
    """
    if images.dtype != np.uint8:
        raise TypeError(f"sums of bytes need images of uint8, not {images.dtype}")
    if len(indices) and (indices.min() < 0 or indices.max() >= len(images)):
        raise IndexError(f"indices must be from 0 to {len(images) - 1}")
    shape = images.shape[1:]
    pieces = max(min(_PIECES, len(indices)), -(-len(indices) // _LONGEST))
    sums, squares = np.zeros((2, pieces, int(np.prod(shape))), np.uint32)
    _sum_pieces(*_rows(images, indices), sums, squares)
    of_pixels = squares.sum(axis=0, dtype=np.int64).reshape(-1, shape[-1])
    return sums.sum(axis=0, dtype=np.int64).reshape(shape), of_pixels.sum(axis=0)


def _rows(images: NDArray[Any], indices: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """View images as rows of bytes; where their pixels lie apart, copy those asked for."""
    if not images.flags.c_contiguous:
        images, indices = images[indices], np.arange(len(indices))
    # One type, whether mapped, writable or not, so that the kernel is compiled for one type.
    rows = np.asarray(images).reshape(len(images), -1)
    rows.flags.writeable = False
    return rows, indices


@kernel
def _sum_pieces(images, indices, sums, squares):
    pieces, numbers = sums.shape
    count = indices.size
    for piece in prange(pieces):
        total, square = sums[piece], squares[piece]
        for at in range(piece * count // pieces, (piece + 1) * count // pieces):
            image = images[indices[at]]
            for i in range(numbers):
                byte = np.uint32(image[i])
                total[i] += byte
                square[i] += byte * byte
