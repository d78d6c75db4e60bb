"""Distances between the rows of two matrices, precise to the last bits whatever cancels."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array
from cvtool.kernels.pair_blocks import (
    COSINE,
    L1,
    L2,
    ROWS,
    block_of,
    from_sum,
    matrix_of,
    precise_sum,
    room_for_rests,
    row_at,
)

METRICS = ("l1", "l2", "cosine")

_TYPES = (np.dtype(np.uint8), np.dtype(np.float32), np.dtype(np.float64))
_CODES = dict(zip(METRICS, (L1, L2, COSINE), strict=True))
_LARGEST = 1e300


def distances(queries: Array, rows: Array, *, metric: str) -> NDArray[np.float64]:
    """Return the distance of every query to every row, ``(queries, rows)`` float64.

    Parameters
    ----------
    queries, rows
        ``(q, d)`` and ``(n, d)``, both uint8, both float32 or both float64; copied if the numbers
        of a row are not side by side.
    metric
        ``l1`` is Σ|q − x|, ``l2`` is √Σ(q − x)², ``cosine`` is 1 − Σqx/(|q||x|) and 1 where a
        vector is zero (CS231n notes, section 2.1, which leaves out the root).

    Notes
    -----
    The sums of bytes are exact, floats are subtracted, multiplied and summed in double precision:
    the distance of anything to itself is 0, and as exact where two long vectors hardly differ.

    Raises
    ------
    TypeError
        If the types of numbers differ or are others.
    ValueError
        If the metric is unknown, the matrices are not of the same width, or numbers are not finite
        or so large that their squares do not add up to less than 1e300.
    """
    code = metric_code(metric)
    check_matrix(queries)
    check_matrix(rows)
    check_pair(queries, rows)
    queries, rows = side_by_side(queries), side_by_side(rows)
    out = np.empty((len(queries), len(rows)))
    norms = norms_of(queries, code), norms_of(rows, code)
    if out.size:
        _write(code, matrix_of(queries), matrix_of(rows), *norms, out)
    return out


def metric_code(metric: str) -> int:
    """Return the number by which kernels know a metric.

    Raises
    ------
    ValueError
        If there is no such metric.
    """
    if metric not in _CODES:
        raise ValueError(f"distances are {', '.join(METRICS)}, not {metric}")
    return _CODES[metric]


def check_matrix(matrix: Array) -> None:
    """Hold a matrix to what kernels compare.

    Raises
    ------
    TypeError
        If its numbers are of another type.
    ValueError
        If it is no matrix.
    """
    if matrix.dtype not in _TYPES:
        raise TypeError(f"distances are of uint8, float32 or float64, not {matrix.dtype}")
    if matrix.ndim != 2:
        raise ValueError(f"distances are of rows of a matrix, not of an array {matrix.shape}")


def side_by_side(matrix: Array) -> Array:
    """Return a matrix with the numbers of each row side by side: itself, or a copy."""
    in_place = matrix.flags.aligned and matrix.strides[1] == matrix.itemsize
    return matrix if in_place else np.ascontiguousarray(matrix)


def check_pair(queries: Array, rows: Array) -> None:
    """Hold two matrices to one type and width.

    Raises
    ------
    TypeError, ValueError
        If they differ in it.
    """
    if queries.dtype != rows.dtype:
        raise TypeError(f"{queries.dtype} queries cannot be compared with {rows.dtype} rows")
    if queries.shape[1] != rows.shape[1]:
        raise ValueError(
            f"queries of {queries.shape[1]} numbers cannot be compared with rows of {rows.shape[1]}"
        )


def norms_of(matrix: Array, code: int) -> NDArray[np.float64]:
    """Return Σx² of every row, or Σ|x| for L1; zeros where nothing needs them.

    Raises
    ------
    ValueError
        If one is not finite, or too large.
    """
    norms = np.zeros(len(matrix))
    if matrix.size and not (matrix.dtype == np.uint8 and code == L1):
        _measure(L1 if code == L1 else COSINE, matrix_of(matrix), norms)
    if not np.all(norms < _LARGEST):
        raise ValueError(
            f"distances are of finite numbers, with squares that sum to less than {_LARGEST}"
        )
    return norms


@kernel
def _measure(metric, matrix, norms):
    for block in prange((matrix.height + ROWS - 1) // ROWS):
        first = block * ROWS
        # A row of zeros, from which L1 measures.
        zeros = np.zeros(matrix.whole if metric == L1 else 0, np.uint8)
        zero_rest = np.zeros(matrix.vector, np.uint8)
        rests = room_for_rests(matrix, ROWS)
        rows = block_of(matrix, first, min(ROWS, matrix.height - first), rests)
        for index in range(rows.height):
            row = row_at(matrix, rows, index)
            other = (zeros.ctypes.data, zero_rest.ctypes.data) if metric == L1 else row
            norms[first + index] = precise_sum(metric, matrix, other, row)


@kernel
def _write(metric, queries, rows, query_norms, row_norms, out):
    for part in prange((rows.height + ROWS - 1) // ROWS):
        first = part * ROWS
        rests, query_rest = room_for_rests(rows, ROWS), room_for_rests(queries, 1)
        block = block_of(rows, first, min(ROWS, rows.height - first), rests)
        for query in range(queries.height):
            one = block_of(queries, query, 1, query_rest)
            for index in range(block.height):
                place, row = row_at(queries, one, 0), row_at(rows, block, index)
                total = precise_sum(metric, rows, place, row)
                row_norm = row_norms[first + index]
                out[query, first + index] = from_sum(metric, total, query_norms[query], row_norm)
