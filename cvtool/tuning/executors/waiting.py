"""The trials that wait for workers, and those that come back because theirs was lost."""

from collections import Counter, deque
from collections.abc import Sequence

from cvtool.records import TrialRecord
from cvtool.tuning.trial import Measured, Trial, recorded

_MOST_LOSSES = 1


class Waiting:
    """Trials to be handed out in their order."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self._trials = deque(trials)
        self._losses = Counter[tuple[int, int]]()

    def __len__(self) -> int:
        return len(self._trials)

    def next(self) -> Trial:
        """Take the trial whose turn it is."""
        return self._trials.popleft()

    def lost(self, trial: Trial, how: str, *, times: int = 1) -> TrialRecord | None:
        """Let a trial whose worker was lost begin again, or record that it is given up.

        Parameters
        ----------
        trial
            What the worker was doing, and may have been lost for.
        how
            What became of the worker.
        times
            How many workers were lost with it.
        """
        self._losses[trial.key] += times
        if self._losses[trial.key] <= _MOST_LOSSES:
            self._trials.appendleft(trial)
            return None
        reason = (
            f"its worker was lost {self._losses[trial.key]} times ({how}): if memory ran out, take "
            f"fewer --workers or smaller settings"
        )
        return recorded(trial, Measured("broken", reason), 0.0)
