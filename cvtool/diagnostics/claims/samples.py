"""Images drawn from a bench, and means with their intervals: what most experiments begin with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.moments import full_range
from cvtool.diagnostics.claims.claim import Bench
from cvtool.diagnostics.intervals import mean_interval, wilson
from cvtool.seeds import stream

Images = NDArray[Any]
Matrix = NDArray[np.float64]


def draw(bench: Bench, most: int, *name: str | int) -> tuple[Images, Indices]:
    """Draw training images ``(n, h, w, c)``, as stored, and their labels; ``most`` if there are."""
    train = bench.dataset.train
    chosen = stream(bench.seed, "claims", *name).permutation(train.kept)[:most]
    picked, places = train.pick(chosen)
    return picked[places], train.labels[chosen]


def draw_parts(
    bench: Bench, counts: tuple[int, int], *name: str | int
) -> tuple[tuple[Matrix, Indices], tuple[Matrix, Indices]]:
    """Draw rows to learn from and others to be examined on, standardized by the former.

    With fewer images than both counts together the former have two thirds of them.
    """
    images, labels = draw(bench, sum(counts), *name)
    first = min(counts[0], len(labels) * 2 // 3)
    rows = pixel_rows(images)
    rows = standardized(rows, rows[:first])
    return (rows[:first], labels[:first]), (rows[first:], labels[first:])


def pixel_rows(images: Images) -> Matrix:
    """Lay images out as rows of numbers, bytes in [0, 1]."""
    rows: Matrix = images.reshape(len(images), -1) / full_range(images)
    return rows.astype(np.float64, copy=False)


def standardized(rows: Matrix, known: Matrix) -> Matrix:
    """Subtract the mean of each column of ``known``, and divide by the deviation of all."""
    centered = known - known.mean(axis=0)
    scaled: Matrix = (rows - known.mean(axis=0)) / (centered.std() or 1.0)
    return scaled


def with_interval(name: str, values: Sequence[float]) -> dict[str, float]:
    """Name a mean and its 95 % interval."""
    low, high = mean_interval(values)
    return {name: float(np.mean(values)), f"{name} low": low, f"{name} high": high}


def share_with_interval(name: str, right: int, total: int) -> dict[str, float]:
    """Name a share and its 95 % interval."""
    low, high = wilson(right, total)
    return {name: right / total, f"{name} low": low, f"{name} high": high}
