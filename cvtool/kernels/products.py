"""Products of matrices for fully-connected layers, on the same register tile as convolutions.

NumPy's own products would start the threads of its BLAS library, which then fight with numba's.
"""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array, whole_panels
from cvtool.kernels.row_products import slide

_BLOCK = 32


def multiply(
    left: Array,
    right: Array,
    bias: Array | None = None,
    *,
    rectify: bool = False,
    out: Array | None = None,
    mask: Array | None = None,
) -> Array:
    """Return ``left @ right + bias``, with negative sums set to zero if ``rectify``.

    Parameters
    ----------
    left, right
        ``(n, inner)`` with contiguous rows, and ``(inner, columns)``, of one type.
    bias
        ``(columns,)``, zero if left out.
    out
        Where to write: ``(n, columns)`` with contiguous rows.
    mask
        Where given, ``(n, columns)``: the result is ``left @ right`` where it is positive, and
        zero elsewhere.
    """
    count, inner = left.shape
    columns = right.shape[1]
    if out is None:
        out = np.empty((count, columns), left.dtype)
    if out.size == 0:
        return out
    panels = whole_panels(right)
    start = np.zeros(panels.shape[1], left.dtype)
    if bias is not None:
        start[:columns] = bias
    low = 0.0 if rectify else -np.inf
    if inner == 0:  # a tile sums at least one product
        out[...] = np.maximum(start[:columns], low)
        return out
    slide(
        left[:, None, None],
        (1, inner),
        1,
        panels,
        out[:, None, None],
        start=start,
        low=low,
        mask=None if mask is None else mask[:, None, None],
    )
    return out


@kernel
def _transpose(matrix, out):
    height, width = matrix.shape
    for block in prange((width + _BLOCK - 1) // _BLOCK):
        first = block * _BLOCK
        last = min(first + _BLOCK, width)
        for top in range(0, height, _BLOCK):
            for column in range(first, last):
                for row in range(top, min(top + _BLOCK, height)):
                    out[column, row] = matrix[row, column]


def transpose(matrix: Array) -> Array:
    """Write the transposed matrix down, ``(rows, columns)`` to C-contiguous ``(columns, rows)``."""
    out = np.empty(matrix.shape[::-1], matrix.dtype)
    _transpose(matrix, out)
    return out
