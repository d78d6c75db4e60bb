"""Labeled points in the plane: ``(n, 1, 1, 2)`` images with an x and a y for channels.

Small enough to see what a network does to them. Coordinates lie about within [−1, 1]. Each quantity
is drawn from a stream of its own, so that more points begin with the same ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices, option
from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.embedded.balance import balanced_labels
from cvtool.datasets.embedded.turning import direction
from cvtool.errors import UsageError
from cvtool.seeds import stream

Array = NDArray[np.float64]
Random = Callable[[str], np.random.Generator]
"""Gives the stream of one quantity."""

COLORS = ("black", "white", "red", "green", "blue", "yellow", "orange", "purple")


@dataclass(frozen=True, kw_only=True)
class PointsChoices(Choices):
    """What can be chosen of all points."""

    images: int = option(9_000, "training points", low=1, high=10_000_000)
    test_images: int = option(1_000, "test points", low=0, high=10_000_000)
    classes: int = option(3, "classes", low=2, high=100)
    noise: float = option(0.2, "standard deviation", low=0, high=10)
    seed: int = option(0, "the same seed draws the same points", low=0, high=2**63 - 1)


@dataclass(frozen=True, kw_only=True)
class SpiralChoices(PointsChoices):
    """Noise is in radians."""

    turns: float = option(0.64, "how far each arm winds", low=0, high=10)


@dataclass(frozen=True, kw_only=True)
class BlobsChoices(PointsChoices):
    """Noise is in units of the circle that the centers lie on."""


@dataclass(frozen=True, kw_only=True)
class CheckerboardChoices(PointsChoices):
    """Noise is in sides of a square."""

    classes: int = option(2, "colors", low=2, high=len(COLORS))
    noise: float = option(0.0, "standard deviation", low=0, high=10)
    squares: int = option(4, "squares a side", low=2, high=100)

    def __post_init__(self) -> None:
        """Hold fields to their bounds, and leave no color without a square."""
        super().__post_init__()
        if self.classes > self.squares:
            raise UsageError(
                f"'classes=' takes at most as many colors as there are squares a side, "
                f"{self.squares}, not {self.classes}: set 'squares={self.classes}'"
            )


def spiral(choices: SpiralChoices) -> Dataset:
    """Draw arms that wind around each other (Karpathy's spiral, CS231n, "Putting it together")."""

    def place(labels: Indices, random: Random) -> Array:
        count = len(labels)
        radius = random("radius").random(count)
        wobble = random("noise").standard_normal(count) * (choices.noise / (2 * np.pi))
        turns = labels / choices.classes + choices.turns * radius + wobble
        return radius[:, np.newaxis] * direction(turns)

    names = tuple(f"arm {number}" for number in range(1, choices.classes + 1))
    return _dataset("spiral", names, choices, place)


def blobs(choices: BlobsChoices) -> Dataset:
    """Draw clusters of points, their centers evenly around a circle."""

    def place(labels: Indices, random: Random) -> Array:
        noise = random("noise").standard_normal((len(labels), 2))
        return direction(labels / choices.classes) + choices.noise * noise

    names = tuple(f"blob {number}" for number in range(1, choices.classes + 1))
    return _dataset("blobs", names, choices, place)


def checkerboard(choices: CheckerboardChoices) -> Dataset:
    """Draw points on squares whose colors take turns along rows and columns."""
    side = choices.squares
    columns, rows = (each.ravel() for each in np.indices((side, side)))
    order = np.argsort((columns + rows) % choices.classes, kind="stable")
    sizes = np.bincount((columns + rows) % choices.classes)
    first = np.cumsum(sizes) - sizes

    def place(labels: Indices, random: Random) -> Array:
        count = len(labels)
        chosen = (random("square").random(count) * sizes[labels]).astype(np.int64)
        square = order[first[labels] + chosen]
        corner = np.stack([columns[square], rows[square]], axis=-1)
        noise = choices.noise * random("noise").standard_normal((count, 2))
        return (corner + random("place").random((count, 2)) + noise) * (2 / side) - 1

    return _dataset("checkerboard", COLORS[: choices.classes], choices, place)


def _dataset(
    name: str,
    classes: tuple[str, ...],
    choices: PointsChoices,
    place: Callable[[Indices, Random], Array],
) -> Dataset:
    def part(called: str, count: int) -> Examples:
        def random(quantity: str) -> np.random.Generator:
            return stream(choices.seed, name, called, quantity)

        labels = balanced_labels(random("labels"), len(classes), count)
        points = place(labels, random).astype(np.float32)
        return Examples(points.reshape(count, 1, 1, 2), labels)

    test = part("test", choices.test_images) if choices.test_images else None
    return Dataset(name, classes, part("train", choices.images), test=test)
