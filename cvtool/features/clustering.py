"""k-means: centers such that every row is near one of them (Lloyd, 1982).

The sum of squared distances never rises from one pass to the next. The bits of the result do not
depend on the number of threads.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.products import multiply, transpose
from cvtool.records import WorkRecord

Floats = NDArray[np.float32]

_ROWS_AT_ONCE = 4096
_WORK = "visual words: clustering, patch"


def cluster(rows: Floats, centers: Floats, *, passes: int) -> Generator[WorkRecord, None, Floats]:
    """Move centers to the middle of what is nearest to them, again and again.

    Parameters
    ----------
    rows
        ``(n, d)``, at least as many as there are centers.
    centers
        ``(count, d)`` to start from.
    passes
        How often all rows are gone through; fewer if nothing moves any more.

    Returns
    -------
    ``(count, d)``.
    """
    nearest = np.full(len(rows), -1)
    for number in range(passes):
        before = nearest
        nearest, squares = yield from assign(rows, centers, number, passes)
        if (nearest == before).all():
            yield WorkRecord(_WORK, passes * len(rows), passes * len(rows))
            break
        centers = middles(rows, nearest, squares, len(centers))
    return centers


def assign(
    rows: Floats, centers: Floats, number: int = 0, passes: int = 1
) -> Generator[WorkRecord, None, tuple[NDArray[np.int64], Floats]]:
    """Find the nearest center of every row, the first of several.

    Returns
    -------
    nearest
        ``(n,)`` numbers of centers.
    squares
        ``(n,)`` squared distances to them.
    """
    turned = transpose(centers)
    bias = -0.5 * np.square(centers).sum(axis=1)
    nearest, squares = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        few = rows[start : start + _ROWS_AT_ONCE]
        scores = multiply(few, turned, bias)
        best = scores.argmax(axis=1)
        nearest[start : start + len(few)] = best
        # ‖x − c‖² = ‖x‖² − 2 (x · c − ½‖c‖²)
        lengths = np.square(few).sum(axis=1)
        squares[start : start + len(few)] = lengths - 2 * scores[np.arange(len(few)), best]
        done = number * len(rows) + start + len(few)
        yield WorkRecord(_WORK, done, passes * len(rows))
    return nearest, squares


def middles(rows: Floats, nearest: NDArray[np.int64], squares: Floats, count: int) -> Floats:
    """Return the mean of the rows of each center; one without any takes a row far from its own."""
    order = np.argsort(nearest, kind="stable")
    counts = np.bincount(nearest, minlength=count)
    used = np.flatnonzero(counts)
    starts = np.concatenate([[0], np.cumsum(counts[used])[:-1]])
    sums = np.add.reduceat(rows[order], starts, axis=0, dtype=np.float64)
    centers = np.empty((count, rows.shape[1]), np.float32)
    centers[used] = sums / counts[used, np.newaxis]
    empty = np.flatnonzero(counts == 0)
    centers[empty] = rows[np.argsort(-squares, kind="stable")[: len(empty)]]
    return centers
