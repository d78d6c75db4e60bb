"""Data sets that need no file: they come with the program, or are drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.digits import digits
from cvtool.datasets.request import DatasetChoices, Progress


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
    choices: type[DatasetChoices] = DatasetChoices


EMBEDDED = {
    "digits": Embedded("real handwritten digits", 1_500, 297, 10, (8, 8, 1), lambda *_: digits()),
}
