"""A stage that has been carried out, and its summary."""

from dataclasses import dataclass
from math import nan

from cvtool.records import StageResult, TrialRecord
from cvtool.tuning.ranking import top
from cvtool.tuning.space import Space
from cvtool.tuning.spelling import spell
from cvtool.tuning.stages import Stage


@dataclass(frozen=True)
class FinishedStage:
    """A stage with where it searched, and what came of each of its trials."""

    stage: Stage
    space: Space
    records: tuple[TrialRecord, ...]

    def summary(self) -> StageResult:
        """Sum the stage up."""
        outcomes = [each.outcome for each in self.records]
        accuracies = [each.val_accuracy for each in top(self.records, 1)]
        return StageResult(
            name=self.stage.name,
            kind=self.stage.kind,
            trials=len(outcomes),
            epochs=self.stage.epochs,
            space=spell(self.space),
            finished=outcomes.count("finished"),
            stopped_early=outcomes.count("stopped early"),
            diverged=outcomes.count("diverged"),
            broken=outcomes.count("broken"),
            best_val_accuracy=accuracies[0] if accuracies else nan,
        )
