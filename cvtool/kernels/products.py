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


def multiply_by_transposed(
    left: Array, right: Array, *, out: Array | None = None, mask: Array | None = None
) -> Array:
    """Return ``left @ right.T``, having transposed whatever is smaller.

    Parameters
    ----------
    left, right
        ``(n, inner)`` and ``(columns, inner)`` with contiguous rows, of one type.
    out, mask
        As for ``multiply``, ``(n, columns)``.
    """
    if len(left) >= right.shape[1]:
        return multiply(left, transpose(right), out=out, mask=mask)
    # Few rows against many weights: the weights are read once, in place, and the result is turned.
    return transpose(multiply(right, transpose(left)), out=out, mask=mask)


def transpose(matrix: Array, *, out: Array | None = None, mask: Array | None = None) -> Array:
    """Write the transposed matrix down, ``(rows, columns)`` to ``(columns, rows)``.

    Where a ``mask`` of the result's shape is given, numbers become zero where it is not positive.
    """
    if out is None:
        out = np.empty(matrix.shape[::-1], matrix.dtype)
    if mask is None:
        _transpose(matrix, out)
    else:
        _transpose_masked(matrix, mask, out)
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


@kernel
def _transpose_masked(matrix, mask, out):
    height, width = matrix.shape
    for block in prange((height + _BLOCK - 1) // _BLOCK):
        first = block * _BLOCK
        last = min(first + _BLOCK, height)
        for column in range(width):
            for row in range(first, last):
                out[column, row] = matrix[row, column] if mask[column, row] > 0 else 0
