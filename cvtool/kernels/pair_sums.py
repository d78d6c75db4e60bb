"""Which tile sums the pairs of a search, and whether a rare instruction may be used for it.

The instruction for products of bytes is used only where it agrees with the others on bytes that
make a mistake of sign or of saturation plain; otherwise the others are taken, silently.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.jit import helper
from cvtool.kernels.memory import Array
from cvtool.kernels.pair_blocks import (
    L1,
    add_up,
    block_of,
    matrix_of,
    room_for_rests,
    room_for_sums,
    starts_of,
)
from cvtool.kernels.pair_tile import BYTES, FAST_PRODUCTS, KINDS
from cvtool.kernels.processor import multiplies_bytes


def chosen_tile(matrix: Array, metric: int) -> int:
    """Return what the large tile is to be told for the sums of a metric."""
    kind = matrix_of(matrix).kind
    if metric == L1:
        return kind
    return FAST_PRODUCTS if kind == BYTES and _fast_products_agree() else kind + KINDS


@cache
def _fast_products_agree() -> bool:
    if not multiplies_bytes():
        return False
    bytes_ = np.random.default_rng(0).integers(0, 256, (13, 200), np.uint8)
    bytes_[:2], bytes_[2:4] = 255, 0
    bytes_[4, ::2] = 255
    return np.array_equal(block_sums(FAST_PRODUCTS, bytes_), block_sums(BYTES + KINDS, bytes_))


def block_sums(chosen: int, rows: Array) -> NDArray[np.float64]:
    """Return the sums of each of a few rows with each, as the large tile finds them."""
    sums = np.zeros((len(rows), len(rows)))
    _write_sums(chosen, matrix_of(rows), sums)
    return sums


@helper
def _write_sums(chosen, matrix, out):
    block = block_of(matrix, 0, matrix.height, room_for_rests(matrix, matrix.height))
    sums = room_for_sums()
    add_up(chosen, matrix, block, matrix, block, starts_of(chosen, matrix, block), sums)
    out[:] = sums[: matrix.height, : matrix.height]
