"""Data sets that need no file: they come with the program, or are drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.digits import digits
from cvtool.datasets.points import (
    BlobsChoices,
    CheckerboardChoices,
    SpiralChoices,
    blobs,
    checkerboard,
    spiral,
)
from cvtool.datasets.request import DatasetChoices, Progress
from cvtool.datasets.shapes.choices import ShapesChoices


@dataclass(frozen=True)
class Embedded:
    """How to make a data set, what may be chosen, and what to say of it in a list."""

    summary: str
    make: Callable[[Any, Progress | None], Dataset]
    choices: type[DatasetChoices] = DatasetChoices


def _shapes(choices: ShapesChoices, progress: Progress | None) -> Dataset:
    from cvtool.datasets.shapes.generator import shapes  # imports the core, which takes a while

    return shapes(choices, progress)


EMBEDDED = {
    "digits": Embedded("real handwritten digits, 8×8", lambda *_: digits()),
    "shapes": Embedded(
        "ten kinds of colored shapes, as hard as you like", _shapes, choices=ShapesChoices
    ),
    "spiral": Embedded(
        "points on arms that wind around each other",
        lambda choices, _: spiral(choices),
        choices=SpiralChoices,
    ),
    "blobs": Embedded(
        "points in clusters", lambda choices, _: blobs(choices), choices=BlobsChoices
    ),
    "checkerboard": Embedded(
        "points on the squares of a board",
        lambda choices, _: checkerboard(choices),
        choices=CheckerboardChoices,
    ),
}
