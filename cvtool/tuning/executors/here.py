"""Trials in this process, one after the other."""

from collections.abc import Iterator, Sequence

from cvtool.records import TrialBegan, TrialEvent
from cvtool.tuning.trial import Objective, Trial, attempt


class Here:
    """Carries trials out in this process, while whoever listens waits."""

    workers = 1

    def __init__(self, objective: Objective) -> None:
        self._objective = objective

    def carry_out(self, trials: Sequence[Trial]) -> Iterator[TrialEvent]:
        """Say of every trial that it begins, and then its record; see ``Executor``."""
        for trial in trials:
            yield TrialBegan(trial.stage, trial.number, trial.params, "here")
            yield (yield from attempt(self._objective, trial))
