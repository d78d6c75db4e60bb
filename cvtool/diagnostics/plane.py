"""The plane around some points, cut into cells, to ask a classifier about each (notes §2.1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MARGIN = 0.08
"""Room around the points, as a share of what they span."""


@dataclass(frozen=True, eq=False)
class Plane:
    """Square cells, row by row from the lowest y.

    Parameters
    ----------
    grid
        ``(height · width, 1, 1, 2)`` float32: the middles of the cells, as images of two features.
    x, y
        Where the outermost cells begin and end.
    shape
        ``(height, width)``; answers for ``grid`` reshaped to it are what a ``Panel`` shows.
    """

    grid: NDArray[np.float32]
    x: tuple[float, float]
    y: tuple[float, float]
    shape: tuple[int, int]


def plane(points: NDArray[np.floating[Any]], cells: int = 200) -> Plane:
    """Lay cells over points and a margin around them.

    Parameters
    ----------
    points
        ``(n, 2)``, at least one, or images of them ``(n, 1, 1, 2)``.
    cells
        How many there are along the longer side.
    """
    flat = np.asarray(points, np.float64).reshape(-1, 2)
    low, high = flat.min(axis=0), flat.max(axis=0)
    if np.array_equal(low, high):
        low, high = low - 0.5, high + 0.5
    longest = float((high - low).max())
    side = longest * (1 + 2 * _MARGIN) / cells
    # What rounding makes of a whole number of cells is no reason for one more.
    counts = np.ceil((high - low + 2 * _MARGIN * longest) / side - 1e-9)
    start, stop = (low + high - side * counts) / 2, (low + high + side * counts) / 2
    width, height = map(int, counts)
    x, y = (start + side * (np.arange(max(width, height)) + 0.5)[:, None]).T
    grid = np.stack(np.meshgrid(x[:width], y[:height]), axis=-1).astype(np.float32)
    (left, bottom), (right, top) = start.tolist(), stop.tolist()
    return Plane(grid.reshape(-1, 1, 1, 2), (left, right), (bottom, top), (height, width))
