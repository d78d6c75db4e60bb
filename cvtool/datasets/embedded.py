"""Data sets that need no file: they come with the program, or are drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.digits import digits
from cvtool.datasets.request import DatasetChoices, Progress


@dataclass(frozen=True)
class Embedded:
    """How to make a data set, what may be chosen, and what to say of it in a list."""

    summary: str
    make: Callable[[Any, Progress | None], Dataset]
    choices: type[DatasetChoices] = DatasetChoices


EMBEDDED = {
    "digits": Embedded("real handwritten digits, 8×8", lambda *_: digits()),
}
