"""Blocks of queries beside blocks of rows: tiles over whole vectors, then over what is left.

Rows are read where they lie, in a memory map if need be. What of a row is left beyond its last
whole vector is copied, for a block at a time, between zeros that change none of the sums.
"""

from typing import NamedTuple

import numpy as np

from cvtool.kernels.byte_operations import CHUNK_BYTES, SIGN
from cvtool.kernels.jit import helper
from cvtool.kernels.memory import Array, address, fill, numbers_at
from cvtool.kernels.pair_operations import PRECISE_LANES
from cvtool.kernels.pair_tile import (
    BYTES,
    DOUBLES,
    FAST_PRODUCTS,
    KINDS,
    SHAPES,
    SINGLES,
    large_tile,
    precise_tile,
)

L1, L2, COSINE = range(3)

QUERIES, ROWS = 48, 96
"""Sizes of blocks: the sums of one, and the pieces of rows that they need, stay in the cache."""

_KINDS = {np.dtype(np.uint8): BYTES, np.dtype(np.float32): SINGLES, np.dtype(np.float64): DOUBLES}


class Matrix(NamedTuple):
    """Where a matrix lies: its address, bytes from row to row, and how many rows there are.

    A row has ``whole`` bytes in whole vectors and ``rest`` beyond, which go into ``vector`` bytes;
    a number is of a ``kind`` and has ``size`` bytes.
    """

    kind: int
    place: int
    step: int
    height: int
    whole: int
    rest: int
    vector: int
    size: int


def matrix_of(array: Array) -> Matrix:
    """Describe a matrix whose rows are in one piece each; the caller keeps it alive."""
    count, numbers = array.shape
    size = array.itemsize
    # Whole vectors of every processor, and of the precise sums.
    vector = max(64, PRECISE_LANES * size)
    whole, rest = numbers * size // vector * vector, numbers * size % vector
    return Matrix(
        _KINDS[array.dtype], address(array), array.strides[0], count, whole, rest, vector, size
    )


class Block(NamedTuple):
    """Some rows of a matrix: where the first lies, how many they are, and a copy of their rests.

    The copy is in here because numba frees an array of which only the address is still used.
    """

    place: int
    height: int
    rests: Array


@helper
def block_of(matrix, first, height, rests):
    """Take some rows from ``first`` on; their rests are copied into ``rests``, of bytes."""
    byte = np.uint8(0)
    place = matrix.place + first * matrix.step
    if matrix.rest:
        for row in range(height):
            source = numbers_at(place + row * matrix.step + matrix.whole, byte, matrix.rest)
            target = rests[row]
            for i in range(matrix.rest):
                target[i] = source[i]
    return Block(place, height, rests)


@helper
def row_at(matrix, block, index):
    """Return the addresses of one row of a block and of its rest; the block has to live on."""
    rest = block.rests.ctypes.data + index * matrix.vector
    return block.place + index * matrix.step, rest


@helper
def room_for_rests(matrix, count):
    """Make room for what is left of ``count`` rows."""
    return np.zeros((count if matrix.rest else 1, matrix.vector), np.uint8)


@helper
def room_for_sums():
    """Make room for the sums of one block of queries beside one block of rows."""
    # Tiles that hang over the edge write beyond it.
    return np.empty((QUERIES + 8, ROWS + 8))


@helper
def starts_of(chosen, matrix, block):
    """Return what the sums of each query begin with: 0, or what a signed product lacks."""
    starts = np.zeros(block.height)
    if chosen == FAST_PRODUCTS:
        for row in range(block.height):
            place, rest = row_at(matrix, block, row)
            total = _sum_bytes(place, matrix.whole)
            if matrix.rest:
                total += _sum_bytes(rest, matrix.vector)
            starts[row] = SIGN * total
    return starts


@helper
def _sum_bytes(place, count):
    total = 0
    for number in numbers_at(place, np.uint8(0), count):
        total += number
    return total


@helper
def add_up(chosen, query_matrix, queries, row_matrix, rows, starts, sums):
    """Write Σ|q − x| or Σqx of all pairs of two blocks to ``sums``; ``chosen`` is for the tile.

    Bytes are summed exactly, floats in their own precision within pieces of ``CHUNK_BYTES``.
    """
    for query in range(queries.height):
        fill(sums[query], starts[query])
    size, vector = row_matrix.size, row_matrix.vector
    for start in range(0, row_matrix.whole, CHUNK_BYTES):
        numbers = min(CHUNK_BYTES, row_matrix.whole - start) // size
        first = (queries.place + start, query_matrix.step, queries.height)
        second = (rows.place + start, row_matrix.step, rows.height)
        _add_tiles(chosen, first, second, numbers, sums)
    if row_matrix.rest:
        first = (queries.rests.ctypes.data, vector, queries.height)
        second = (rows.rests.ctypes.data, vector, rows.height)
        _add_tiles(chosen, first, second, vector // size, sums)


@helper
def _add_tiles(chosen, queries, rows, numbers, sums):
    """Add what ``numbers`` of each pair give; takes places, steps and heights of two blocks."""
    height, width = SHAPES[chosen % KINDS]
    (query_place, query_step, query_count), (row_place, row_step, row_count) = queries, rows
    first_sum, sums_step = sums.ctypes.data, sums.strides[0]
    for query in range(0, query_count, height):
        for row in range(0, row_count, width):
            large_tile(
                chosen,
                query_place + query * query_step, query_step, query_count - 1 - query,
                row_place + row * row_step, row_step, row_count - 1 - row,
                numbers, first_sum + query * sums_step + 8 * row, sums_step,
            )  # fmt: skip


@helper
def precise_sum(metric, matrix, query, row):
    """Return Σ|q − x|, Σ(q − x)² or Σqx of one pair, in double precision.

    Takes the addresses of both and of their rests, as ``row_at`` gives them; ``matrix`` is that of
    either.
    """
    (query, query_rest), (row, row_rest) = query, row
    chosen = matrix.kind + KINDS * metric
    total = 0.0
    for start in range(0, matrix.whole, CHUNK_BYTES):
        numbers = min(CHUNK_BYTES, matrix.whole - start) // matrix.size
        total += precise_tile(chosen, query + start, row + start, numbers)
    if matrix.rest:
        total += precise_tile(chosen, query_rest, row_rest, matrix.vector // matrix.size)
    return total


@helper
def from_sum(metric, total, query_norm, row_norm):
    """Return the distance that belongs to a precise sum; norms are squared, and used by cosine."""
    if metric == L1:
        return total
    if metric == L2:
        return np.sqrt(total)
    return _from_cosine(total, query_norm, row_norm)


@helper
def _from_cosine(product, query_norm, row_norm):
    """Return 1 − cos, and 1 where a vector is zero.

    √(n·n) is n to the last bit, so nothing is apart from itself. Where n·n would leave the range
    of numbers, norms are moved by a power of two before, and their root is moved back.
    """
    move = 1.0
    if query_norm * row_norm < 2.0**-900:
        move = 2.0**600
    elif query_norm * row_norm == np.inf:
        move = 2.0**-600
    lengths = np.sqrt((query_norm * move) * (row_norm * move)) / move
    return max(0.0, 1.0 - product / lengths) if lengths > 0 else 1.0
