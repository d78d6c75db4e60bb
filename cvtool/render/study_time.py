"""How long a study still takes, as far as what is to come is known."""

from collections.abc import Collection

from cvtool.records import PlannedStage, StageBegan, StagePlan, TrialMoved, TrialRecord
from cvtool.render.stage_tally import StageTally


class StudyTimeLeft:
    """Estimates from trials that have ended how long those take that have not."""

    def __init__(self) -> None:
        self._plan: tuple[PlannedStage, ...] = ()
        self._seconds = 0.0
        self._epochs = 0
        self._workers: set[str] = set()

    def plan(self, plan: StagePlan) -> None:
        """Learn what stages there will be."""
        self._plan = plan.stages

    def at_work(self, worker: str) -> None:
        """Learn of a worker."""
        self._workers.add(worker)

    def ended(self, record: TrialRecord) -> None:
        """Learn from a trial how long an epoch takes; where nothing is learned, how long it did."""
        if record.outcome == "finished":
            self._seconds += record.seconds
            self._epochs += max(record.epochs, 1)

    def knows_all(self, stage: StageBegan) -> bool:
        """Whether what comes after a stage is known, be it that nothing does."""
        return stage.number + 1 >= stage.stages or len(self._plan) > stage.number + 1

    def left(self, tally: StageTally, running: Collection[TrialMoved]) -> float | None:
        """Seconds until all stages that are known of are done; None while it cannot be told.

        Trials that were given up tell how long those of their own stage take, and no others.
        """
        per_trial = self._per_trial(tally)
        if per_trial is None:
            return None
        begun = sum(min(each.done / each.total, 1.0) for each in running if each.total > 0)
        trials = max(0.0, tally.stage.trials - tally.done - begun)
        coming = self._plan[tally.stage.number + 1 :]
        later = sum(each.runs * max(each.epochs, 1) for each in coming)
        work = trials * per_trial + later * self._per_epoch(tally, per_trial)
        return work / self._hands(tally, later)

    def _per_trial(self, tally: StageTally) -> float | None:
        if tally.ended:
            return tally.seconds / len(tally.ended)
        if self._epochs:
            return self._seconds / self._epochs * max(tally.stage.epochs, 1)
        return None

    def _per_epoch(self, tally: StageTally, per_trial: float) -> float:
        if self._epochs:
            return self._seconds / self._epochs
        return per_trial / max(tally.stage.epochs, 1)

    def _hands(self, tally: StageTally, later: int) -> int:
        """Count the workers that have something to do."""
        if later:
            return max(1, len(self._workers))
        return max(1, min(len(self._workers), tally.stage.trials - tally.done))
