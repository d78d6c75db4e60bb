"""Data sets that need no file: they come with the program, or are drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cvtool.config import Choices
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.embedded.digits import digits
from cvtool.datasets.embedded.points import (
    BlobsChoices,
    CheckerboardChoices,
    PointsChoices,
    SpiralChoices,
    blobs,
    checkerboard,
    spiral,
)
from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.request import Progress


@dataclass(frozen=True)
class Embedded:
    """How to make a data set, what may be chosen, and what to say of it in a list.

    Parameters
    ----------
    summary
        A few words.
    images, test_images, classes, shape
        What it holds unless something else is chosen.
    make
        Makes it as chosen, and tells how far it is where somebody wants to know.
    choices
        What may be chosen.
    """

    summary: str
    images: int
    test_images: int
    classes: int
    shape: tuple[int, int, int]
    make: Callable[[Any, Progress | None], Dataset]
    choices: type[Choices] = Choices


def _shapes(choices: ShapesChoices, progress: Progress | None) -> Dataset:
    from cvtool.datasets.embedded.shapes.generator import (
        shapes,  # imports the core, which takes a while
    )

    return shapes(choices, progress)


def _points(summary: str, make: Callable[[Any], Dataset], choices: type[PointsChoices]) -> Embedded:
    usual = choices()
    return Embedded(
        summary,
        usual.images,
        usual.test_images,
        usual.classes,
        (1, 1, 2),
        lambda chosen, _: make(chosen),
        choices,
    )


EMBEDDED = {
    "digits": Embedded("real handwritten digits", 1_500, 297, 10, (8, 8, 1), lambda *_: digits()),
    "shapes": Embedded(
        "ten kinds of colored shapes, as hard as you like",
        ShapesChoices().images,
        ShapesChoices().test_images,
        10,
        (32, 32, 3),
        _shapes,
        ShapesChoices,
    ),
    "spiral": _points("points on arms that wind around each other", spiral, SpiralChoices),
    "blobs": _points("points in clusters", blobs, BlobsChoices),
    "checkerboard": _points("points on the squares of a board", checkerboard, CheckerboardChoices),
}
