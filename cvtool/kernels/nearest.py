"""The nearest rows of each query, found while distances are computed, never storing them all."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.distance_bounds import query_bounds, row_bounds
from cvtool.kernels.distances import check_matrix, check_pair, metric_code, norms_of, side_by_side
from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.memory import Array
from cvtool.kernels.pair_blocks import (
    L2,
    QUERIES,
    ROWS,
    add_up,
    block_of,
    from_sum,
    matrix_of,
    precise_sum,
    room_for_rests,
    room_for_sums,
    row_at,
    starts_of,
)
from cvtool.kernels.pair_sums import chosen_tile

# Rows that are compared at once: of each some numbers are kept, and a copy if it is not in one
# piece.
_ROWS_AT_ONCE = 65_536
_BYTES_AT_ONCE = 2**27
# Pieces of work that keep many threads busy; few queries are compared with parts of the rows.
_PIECES = 16

_UNIT = 2.0**-53


class Neighbors(NamedTuple):
    """The nearest rows of each query, nearest first, and the smaller index first among equals.

    ``indices`` ``(queries, k)`` int64 and ``distances`` ``(queries, k)`` float64.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]


def nearest(queries: Array, rows: Array, k: int, *, metric: str) -> Neighbors:
    """Return the ``k`` nearest rows of each query, in the order of (distance, index).

    Parameters
    ----------
    queries, rows, metric
        As for ``distances``, with the same distances to the last bit.
    k
        How many, at most as many as there are rows.

    Raises
    ------
    TypeError
        If the types of numbers differ or are not those of ``distances``.
    ValueError
        If there are not so many rows, and where ``distances`` raises it.
    """
    if k > len(rows):
        raise ValueError(f"{len(rows)} rows do not have {k} nearest ones")
    search = Search(queries, k, metric)
    search.add(rows, 0)
    return search.result()


def merge(parts: Sequence[Neighbors], k: int) -> Neighbors:
    """Return the ``k`` nearest among the neighbors that searches over different rows found.

    With at least ``k`` from each, or all rows of those that have fewer, the same as of one search
    over all, to the last bit.
    """
    indices = np.concatenate([part.indices for part in parts], axis=1)
    distances = np.concatenate([part.distances for part in parts], axis=1)
    order = np.lexsort((indices, distances), axis=1)[:, :k]
    return Neighbors(
        np.take_along_axis(indices, order, axis=1), np.take_along_axis(distances, order, axis=1)
    )


class Search:
    """A search over rows that come in chunks, in any order.

    Parameters
    ----------
    queries, k, metric
        As for ``nearest``; there may be fewer rows in the end.

    Raises
    ------
    TypeError, ValueError
        As from ``nearest``.
    """

    def __init__(self, queries: Array, k: int, metric: str) -> None:
        if k < 1:
            raise ValueError(f"a search is for at least 1 nearest row, not {k}")
        self._metric = metric_code(metric)
        check_matrix(queries)
        self._queries = side_by_side(queries)
        self._tile = chosen_tile(self._queries, self._metric)
        self._norms = norms_of(self._queries, self._metric)
        self._bounds = query_bounds(self._norms, self._metric, self._queries)
        self._added = 0
        blocks = max(1, -(-len(queries) // QUERIES))
        shape = (max(1, _PIECES // blocks), len(queries), k)
        # Those found in each part of the rows.
        self._found = Neighbors(np.full(shape, -1), np.full(shape, np.inf))

    def add(self, rows: Array, first: int) -> None:
        """Compare with rows whose indices are ``first``, ``first + 1``, …; with each only once.

        Raises
        ------
        TypeError, ValueError
            As from ``nearest``.
        """
        check_matrix(rows)
        check_pair(self._queries, rows)
        row_bytes = max(1, rows.shape[1] * rows.itemsize)
        at_once = max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // row_bytes))
        for start in range(0, len(rows), at_once):
            self._compare(side_by_side(rows[start : start + at_once]), first + start)
        self._added += len(rows)

    def _compare(self, rows: Array, first: int) -> None:
        norms = norms_of(rows, self._metric)
        _search(
            self._metric,
            self._tile,
            matrix_of(self._queries),
            (self._norms, *self._bounds),
            matrix_of(rows),
            (norms, *row_bounds(norms, self._metric, rows)),
            first,
            *self._found,
        )

    def result(self) -> Neighbors:
        """Return the nearest of all rows that were added: as many columns as rows, ``k`` at most.

        More rows may be added afterwards.
        """
        _, _, k = self._found.indices.shape
        parts = [Neighbors(*part) for part in zip(*self._found, strict=True)]
        return merge(parts, min(k, self._added))


@kernel
def _search(
    metric, chosen, queries, query_bounds, rows, row_bounds, first, found_indices, found_distances
):
    parts = len(found_indices)
    blocks = (queries.height + QUERIES - 1) // QUERIES
    for piece in prange(blocks * parts):
        start, part = piece // parts * QUERIES, piece % parts
        query_rests, row_rests = room_for_rests(queries, QUERIES), room_for_rests(rows, ROWS)
        sums = room_for_sums()
        block = block_of(queries, start, min(QUERIES, queries.height - start), query_rests)
        starts = starts_of(chosen, queries, block)
        end = rows.height * (part + 1) // parts
        for row in range(rows.height * part // parts, end, ROWS):
            near = block_of(rows, row, min(ROWS, end - row), row_rests)
            add_up(chosen, queries, block, rows, near, starts, sums)
            for index in range(block.height):
                query = start + index
                norms, offsets, scales = query_bounds
                place = row_at(queries, block, index)
                known = (place, norms[query], offsets[query], scales[query])
                _insert_near(
                    metric, rows, known, near, row, row_bounds,
                    sums[index], first, found_indices[part, query], found_distances[part, query],
                )  # fmt: skip


@helper
def _insert_near(metric, matrix, query, rows, start, row_bounds, sums, first, indices, distances):
    """Insert those of a block of rows that may belong to the nearest of a query, and do."""
    place, norm, offset, scale = query
    norms, offsets, scales = row_bounds
    offsets, scales = offsets[start : start + rows.height], scales[start : start + rows.height]
    reach = _reach(metric, distances[-1])
    if not _any_within(reach, offset, scale, offsets, scales, sums):
        return
    for i in range(rows.height):
        # What is not a number is compared precisely.
        if not offset + offsets[i] + sums[i] * (scale * scales[i]) >= reach:
            total = precise_sum(metric, matrix, place, row_at(matrix, rows, i))
            distance = from_sum(metric, total, norm, norms[start + i])
            _insert(first + start + i, distance, indices, distances)
            reach = _reach(metric, distances[-1])


@helper
def _any_within(reach, offset, scale, offsets, scales, sums):
    """Tell whether a block of rows need be looked at: mostly not, and without a branch a row."""
    beyond = 0
    for i in range(offsets.size):
        beyond += offset + offsets[i] + sums[i] * (scale * scales[i]) >= reach
    return beyond < offsets.size


@helper
def _reach(metric, distance):
    """Return the least sum of a distance that is larger, even by its last bit."""
    if metric == L2:
        distance = distance * distance * (1 + 8 * _UNIT)
    return np.nextafter(distance, np.inf)


@helper
def _insert(index, distance, indices, distances):
    """Insert a row among the nearest, in the order of (distance, index), if it belongs to them."""
    place = distances.size
    while place > 0 and _is_before(distance, index, distances[place - 1], indices[place - 1]):
        place -= 1
    for later in range(distances.size - 1, place, -1):
        indices[later], distances[later] = indices[later - 1], distances[later - 1]
    if place < distances.size:
        indices[place], distances[place] = index, distance


@helper
def _is_before(distance, index, other_distance, other_index):
    if distance == other_distance:
        return index < other_index
    return distance < other_distance
