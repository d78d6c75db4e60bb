"""Norms of neurons: a bound on the length of each one's incoming weights."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.rows import Array, check_types

_BLOCK = 32
"""Columns that a thread takes at once."""


def limit_column_norms(matrix: Array, limit: float) -> None:
    """Scale down, in place, each column of a contiguous matrix whose norm is above the limit."""
    check_types(matrix)
    if matrix.ndim != 2 or not matrix.flags.c_contiguous:
        raise ValueError(f"shape {matrix.shape} with strides {matrix.strides} is no flat matrix")
    _limit_column_norms(matrix, float(limit))


@kernel
def _limit_column_norms(matrix, limit):
    rows, columns = matrix.shape
    for block in prange((columns + _BLOCK - 1) // _BLOCK):
        start, end = block * _BLOCK, min((block + 1) * _BLOCK, columns)
        squares = np.zeros(end - start)
        for row in range(rows):
            part = matrix[row, start:end]
            for i in range(part.size):
                squares[i] += np.float64(part[i]) * np.float64(part[i])
        factors = np.ones(end - start, matrix.dtype)
        for i in range(factors.size):
            if squares[i] > limit * limit:
                factors[i] = limit / np.sqrt(squares[i])
        for row in range(rows):
            part = matrix[row, start:end]
            for i in range(part.size):
                part[i] *= factors[i]
