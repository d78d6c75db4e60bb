"""One trial: settings to be tried, and the attempt to do so."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from time import perf_counter
from traceback import walk_tb
from typing import Any

from cvtool.errors import CvtoolError, on_one_line
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
    except MemoryError:
        measured = Measured("broken", "not enough memory for these settings")
    except Exception as error:  # even a bug: the other trials are worth having
        measured = Measured("broken", _sentence(error))
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
    """Say what went wrong; and where, unless it is something a user can mend."""
    if isinstance(error, CvtoolError):
        return str(error).partition("\n")[0]  # without what is drawn below it
    *_, (frame, line) = walk_tb(error.__traceback__)
    place = f"{Path(frame.f_code.co_filename).name}:{line}"
    return on_one_line(f"{type(error).__name__}: {error} ({place})")
