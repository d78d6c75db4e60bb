"""What a search for hyperparameters says, trial by trial and at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, Literal

from cvtool.records.chance import CHANCE
from cvtool.records.verdict import Verdict

TrialOutcome = Literal["finished", "stopped early", "diverged", "broken"]
StageKind = Literal["coarse", "fine", "halving", "extension", "repeats"]
StudyOutcome = Literal["finished", "diverged", "interrupted"]


@dataclass(frozen=True)
class StageBegan:
    """A stage of a study with what it searches, spelled as ``--search`` takes it; never saved.

    ``number`` counts from 0, of ``stages`` as far as is known by now; ``done`` of the trials are
    known from before.
    """

    name: str
    kind: StageKind
    number: int
    stages: int
    trials: int
    done: int
    epochs: int
    space: str


@dataclass(frozen=True)
class TrialBegan:
    """A worker has begun a trial; never saved."""

    stage: int
    number: int
    params: Mapping[str, Any]
    worker: str


@dataclass(frozen=True)
class TrialMoved:
    """How far a trial is, in steps; never saved."""

    stage: int
    number: int
    done: int
    total: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class TrialRecord:
    """One line of ``trials.jsonl``: settings, and what came of them.

    ``stage`` and ``number`` say which trial it is, both from 0; ``epochs`` how many it was to have,
    0 where nothing is learned; ``seed`` what it began with. Accuracies and losses are those of the
    epoch that was best in validation. ``reason`` says why a trial ended before its time. All but
    ``seconds`` is the same whoever does the trial, and when.
    """

    stage: int
    number: int
    params: Mapping[str, Any]
    epochs: int
    seed: int
    outcome: TrialOutcome
    reason: str = ""
    train_accuracy: float = nan
    val_accuracy: float = nan
    train_loss: float = nan
    val_loss: float = nan
    best_epoch: int = 0
    seconds: float = 0.0


TrialEvent = TrialBegan | TrialMoved | TrialRecord
"""What whoever carries trials out says of them."""


@dataclass(frozen=True)
class StageResult:
    """What came of a stage; ``space`` is spelled as ``--search`` takes it, empty if none was."""

    name: str
    kind: StageKind
    trials: int
    epochs: int
    space: str
    finished: int
    stopped_early: int
    diverged: int
    broken: int
    best_val_accuracy: float


@dataclass(frozen=True)
class Candidate:
    """Settings with what they reach over several seeds: mean, standard deviation, each value."""

    params: Mapping[str, Any]
    val_accuracy: float
    std: float
    val_accuracies: tuple[float, ...]


@dataclass(frozen=True)
class Importance:
    """The share of the differences in accuracy that one hyperparameter explains by itself.

    ``p_value`` is how often chance alone would explain as much by any of those looked at.
    """

    name: str
    share: float
    p_value: float

    @property
    def is_sure(self) -> bool:
        """Whether chance would seldom explain as much."""
        return self.p_value <= CHANCE


@dataclass(frozen=True)
class TuneResult:
    """What a study found; ``best`` is None where no trial came to its end.

    ``seconds`` is what all trials took together, whenever and by whomever they were carried out.
    ``candidates`` are the settings that were repeated, the best first; ``winner`` is the path of
    the file that repeats the best.
    """

    study: str
    outcome: StudyOutcome
    model: str
    dataset: str
    seed: int
    seconds: float
    stages: tuple[StageResult, ...]
    trials: tuple[TrialRecord, ...]
    best: Candidate | None
    candidates: tuple[Candidate, ...]
    importance: tuple[Importance, ...]
    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...]
    winner: str | None

    @property
    def run(self) -> str:
        """The folder of the study, which is among the runs."""
        return self.study


@dataclass(frozen=True)
class PlannedStage:
    """A stage that is to come; ``runs`` is how often something is learned in it."""

    name: str
    kind: StageKind
    runs: int
    epochs: int
    what: str


@dataclass(frozen=True)
class StagePlan:
    """What a study would do."""

    model: str
    space: str
    stages: tuple[PlannedStage, ...]
