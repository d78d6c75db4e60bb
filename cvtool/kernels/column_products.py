"""Products of a transposed left side, summed over pixels or images: gradients of weights.

Work is cut into pieces of images by the size of the problem, each piece sums into its own memory,
and the pieces are added in order; a piece passes over bands of rows that stay in the first cache.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.memory import fill, pixel_at
from cvtool.kernels.processor import TILE
from cvtool.kernels.tile import columns_tile, narrow_columns_tile

_ROWS, _VECTORS = TILE.rows, TILE.vectors


class Sweep(NamedTuple):
    """What is summed over: images cut into pieces, rows cut into bands, and columns."""

    images: int
    pieces: int
    rows: int
    columns: int
    band: int
    stride: int


@helper
def _add_band(zero, grads, image, top, rows, columns, first, total):
    """Add the pixels of a band, row by row, to the sums of a panel's columns."""
    row_total = np.empty_like(total)
    for row in range(top, top + rows):
        fill(row_total, zero)
        for column in range(columns):
            values = pixel_at(zero, grads, image, row, column, first + total.size)[first:]
            for index in range(total.size):
                row_total[index] += values[index]
        for index in range(total.size):
            total[index] += row_total[index]


@kernel
def sum_outer_products(zero, inputs, grads, sweep, width, partial, sums):
    """Sum input × gradient over all pixels, for every number a window sees in one of its rows.

    ``partial`` is ``(pieces, window rows, numbers in a window row, columns)``, the last two filled
    up to whole tiles; ``width`` is that of a panel. ``sums`` becomes the sum of the gradients
    alone, ``(pieces, columns)`` without padding.
    """
    _, window_rows, numbers, columns = partial.shape
    count, size = sums.shape[1], inputs.size
    panels = columns // width
    for unit in prange(sweep.pieces * panels):
        piece = unit // panels
        first = unit % panels * width
        is_narrow = count - first <= width // _VECTORS
        total = sums[piece, first : first + width]
        fill(total, zero)
        begin = piece * sweep.images // sweep.pieces
        end = (piece + 1) * sweep.images // sweep.pieces
        for image in range(begin, end):
            for top in range(0, sweep.rows, sweep.band):
                rows = min(sweep.band, sweep.rows - top)
                started = image > begin or top > 0
                b = grads.place + size * (image * grads.image + top * grads.row + first)
                _add_band(zero, grads, image, top, rows, sweep.columns, first, total)
                for window_row in range(window_rows):
                    row = top * sweep.stride + window_row
                    a = inputs.place + size * (image * inputs.image + row * inputs.row)
                    for number in range(0, numbers, _ROWS):
                        out = partial[piece, window_row, number:, first:].ctypes.data
                        if is_narrow:
                            narrow_columns_tile(
                                zero, started, a + size * number, sweep.stride * inputs.pixel,
                                sweep.stride * inputs.row, b, grads.pixel, grads.row,
                                sweep.columns, rows, out, columns,
                            )  # fmt: skip
                        else:
                            columns_tile(
                                zero, started, a + size * number, sweep.stride * inputs.pixel,
                                sweep.stride * inputs.row, b, grads.pixel, grads.row,
                                sweep.columns, rows, out, columns,
                            )  # fmt: skip


@kernel
def add_pieces(partial, out):
    """Add pieces in their order and drop the padding of tiles; ``out`` is three-dimensional."""
    window_rows, numbers, columns = out.shape
    for line in prange(window_rows * numbers):
        row, number = line // numbers, line % numbers
        for column in range(columns):
            out[row, number, column] = partial[0, row, number, column]
        for piece in range(1, partial.shape[0]):
            for column in range(columns):
                out[row, number, column] += partial[piece, row, number, column]
