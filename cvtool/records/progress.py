"""What there is to tell while work goes on; never saved."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Yielded = TypeVar("Yielded")
Passed = TypeVar("Passed")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Note:
    """A line worth telling while work goes on, such as that the core is being compiled."""

    message: str


@dataclass(frozen=True)
class WorkRecord:
    """How far a piece of work is, as ``decoding image`` 3 of 9; ``unit`` may be ``bytes``.

    A ``total`` of zero is of work whose length is not known.
    """

    work: str
    done: int
    total: int
    unit: Literal["", "bytes"] = ""


Told = Note | WorkRecord
"""What there is to tell on the way to a result."""


@dataclass(frozen=True)
class StepRecord:
    """Where a run stands after one step; never saved."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    images_per_second: float


def finish(
    work: Generator[Any, None, Result], tell: Callable[[Any], object] | None = None
) -> Result:
    """Do work that yields what there is to tell on the way to its end, and return its result.

    Parameters
    ----------
    work
        A generator that has not been started.
    tell
        Told what is yielded, if anybody wants to know.
    """
    while True:
        try:
            told = next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        if tell is not None:
            tell(told)


def passing(
    work: Generator[Yielded, None, Result], change: Callable[[Yielded], Passed]
) -> Generator[Passed, None, Result]:
    """Pass on what work yields on the way to its end, each changed, and return its result."""
    while True:
        try:
            told = next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield change(told)
