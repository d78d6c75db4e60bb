"""How the time of a prediction grows with the training set: O(N), as the notes say (§2.1)."""

from collections.abc import Generator
from math import log, nan
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.nearest import nearest
from cvtool.records import Line, PredictionTime, Scores, WorkRecord

_SIZES = 6
_REPEATS = 3
_FEWEST_IMAGES = 100
_FEWEST_QUERIES, _MOST_QUERIES = 32, 10_000
_BYTES = 2**26
"""What the queries may take."""
_PRODUCTS = 2e9
"""Numbers to compare in one measurement, which takes about a second at most."""


def time_predictions(
    queries: NDArray[Any], rows: NDArray[Any], *, metric: str
) -> Generator[WorkRecord, None, dict[int, tuple[float, ...]]]:
    """Measure predictions among more and more rows.

    Parameters
    ----------
    queries
        ``(q, d)``, repeated until there is enough to do for a measurement.
    rows
        ``(n, d)`` of the same type: all of them, the first half, the first quarter and so on.
    metric
        ``l1``, ``l2`` or ``cosine``.

    Returns
    -------
    Seconds for one query, measured several times, by the number of rows.
    """
    sizes = sizes_up_to(len(rows))
    most = min(_MOST_QUERIES, max(1, _BYTES // queries[:1].nbytes))
    count = int(min(most, max(_FEWEST_QUERIES, _PRODUCTS / rows.size)))
    asking = np.resize(queries, (count, queries.shape[1]))
    nearest(asking[:1], rows[:1], 1, metric=metric)  # what has to be compiled is, untimed
    seconds: dict[int, tuple[float, ...]] = {}
    for done, size in enumerate(sizes):
        yield WorkRecord("timing predictions", done, len(sizes))
        taken = []
        for _ in range(_REPEATS):
            start = perf_counter()
            nearest(asking, rows[:size], 1, metric=metric)
            taken.append((perf_counter() - start) / count)
        seconds[size] = tuple(taken)
    yield WorkRecord("timing predictions", len(sizes), len(sizes))
    return seconds


def sizes_up_to(images: int) -> list[int]:
    """Halve a number several times, though not below a hundred; the smallest first."""
    halves = [images >> times for times in range(_SIZES)]
    return sorted(half for half in halves if half >= min(_FEWEST_IMAGES, images))


def growth(seconds: dict[int, tuple[float, ...]]) -> float:
    """Fit the power of the training images that times grow with; NaN for a single size."""
    if len(seconds) < 2:
        return nan
    sizes = [log(size) for size in seconds]
    times = [log(min(taken)) for taken in seconds.values()]
    return float(np.polyfit(sizes, times, 1)[0])


def summed_up(seconds: dict[int, tuple[float, ...]]) -> tuple[PredictionTime, ...]:
    """Record the least of each size, which others at work on the machine disturb least."""
    return tuple(PredictionTime(size, min(taken)) for size, taken in seconds.items())


def time_chart(seconds: dict[int, tuple[float, ...]], metric: str) -> Scores:
    """Show the times over the number of training images."""
    values = tuple(tuple(1000 * each for each in taken) for taken in seconds.values())
    title = f"Prediction time grows with the training set ({metric})"
    if len(seconds) > 1:
        title += f", to the power {growth(seconds):.2f}"
    line = Line(metric, tuple(map(float, seconds)), values)
    return Scores("prediction-time", title, "training images", (line,), quantity="milliseconds")
