"""What there is to tell while work goes on; never saved."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Note:
    """A line worth telling while work goes on, such as that the core is being compiled."""

    message: str


@dataclass(frozen=True)
class WorkRecord:
    """How far a piece of work is, as ``decoding image`` 3 of 9; ``unit`` may be ``bytes``."""

    work: str
    done: int
    total: int
    unit: Literal["", "bytes"] = ""


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
