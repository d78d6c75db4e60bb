"""One trial: settings to be tried, and the attempt to do so."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from math import nan
from time import perf_counter
from typing import Any

from cvtool.errors import CvtoolError
from cvtool.records import TrialMoved, TrialOutcome, TrialRecord


@dataclass(frozen=True)
class Trial:
    """Settings to be tried.

    Parameters
    ----------
    stage, number
        Which stage of the study, and which trial of it, both from 0.
    params
        Values by the names of settings.
    epochs
        How long to learn; 0 where nothing is learned.
    seed
        What weights and batches begin with.
    stops_early
        Whether to give up where there is no hope.
    """

    stage: int
    number: int
    params: Mapping[str, Any]
    epochs: int
    seed: int
    stops_early: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """What no other trial of the study has."""
        return self.stage, self.number


@dataclass(frozen=True)
class Measured:
    """What came of a trial; of the epoch that was best in validation, if there was any."""

    outcome: TrialOutcome
    reason: str = ""
    train_accuracy: float = nan
    val_accuracy: float = nan
    train_loss: float = nan
    val_loss: float = nan
    best_epoch: int = 0


Objective = Callable[[Trial], Generator[TrialMoved, None, Measured]]
"""Tries settings, and says how far that is: the same trial is measured the same, wherever that is
done. Can be pickled."""


def attempt(objective: Objective, trial: Trial) -> Generator[TrialMoved, None, TrialRecord]:
    """Try settings; what goes wrong breaks this trial, not the study."""
    started = perf_counter()
    try:
        measured = yield from objective(trial)
    except (CvtoolError, ArithmeticError, LookupError, ValueError, TypeError, OSError) as error:
        measured = Measured("broken", _sentence(error))
    except MemoryError:
        measured = Measured("broken", "not enough memory for these settings")
    return recorded(trial, measured, perf_counter() - started)


def recorded(trial: Trial, measured: Measured, seconds: float) -> TrialRecord:
    """Write down what came of a trial."""
    return TrialRecord(
        trial.stage,
        trial.number,
        trial.params,
        trial.epochs,
        trial.seed,
        **vars(measured),
        seconds=seconds,
    )


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, CvtoolError) else f"{type(error).__name__}: {error}"
