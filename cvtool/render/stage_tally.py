"""What has become of the trials of one stage so far."""

import re
from collections import Counter
from dataclasses import dataclass, field
from math import isnan

from cvtool.records import StageBegan, TrialOutcome, TrialRecord
from cvtool.render.quantities import share

OUTCOMES: dict[TrialOutcome, str] = {
    "finished": "finished",
    "stopped early": "stopped",
    "diverged": "diverged",
    "broken": "broken",
}

_NUMBER = re.compile(r"\d[\d.,e+-]*")


@dataclass
class StageTally:
    """Counts the trials of a stage that have ended, now or before an interruption.

    ``best`` is the first of those that reached the most; ``seconds`` is what all took together, and
    ``told_again`` are the numbers of those that are told anew though they ended before.
    """

    stage: StageBegan
    ended: set[int] = field(default_factory=set)
    told_again: set[int] = field(default_factory=set)
    best: TrialRecord | None = None
    seconds: float = 0.0
    _outcomes: Counter[TrialOutcome] = field(default_factory=Counter)
    _reasons: Counter[str] = field(default_factory=Counter)
    _first_reasons: dict[str, str] = field(default_factory=dict)

    def add(self, record: TrialRecord, *, is_new: bool = True) -> None:
        """Count a trial; the same one again changes nothing."""
        if record.number in self.ended:
            return
        self.ended.add(record.number)
        if not is_new:
            self.told_again.add(record.number)
        self.seconds += record.seconds
        self._outcomes[record.outcome] += 1
        if record.reason:
            kind = _NUMBER.sub("#", record.reason)
            self._reasons[kind] += 1
            self._first_reasons.setdefault(kind, record.reason)
        if is_better(record, self.best):
            self.best = record

    @property
    def done(self) -> int:
        """How many trials have ended, those of before an interruption among them."""
        return min(self.stage.trials, self._untold + len(self.ended))

    @property
    def _untold(self) -> int:
        """How many trials of before nothing else is known of."""
        return max(0, self.stage.done - len(self.told_again))

    def counts(self) -> str:
        """Say how trials ended: ``9 finished, 2 stopped``."""
        outcomes = self._outcomes
        said = [f"{outcomes[each]} {word}" for each, word in OUTCOMES.items() if outcomes[each]]
        before = [f"{self._untold} from before"] if self._untold else []
        return ", ".join(before + said)

    def main_reason(self) -> str:
        """Say why most of those that were given up were, as of the first of them.

        Reasons that differ in their numbers alone are the same.
        """
        if not self._reasons:
            return ""
        [(kind, _)] = self._reasons.most_common(1)
        return self._first_reasons[kind]

    def summary(self) -> str:
        """Say in one line what came of the stage."""
        stage = self.stage
        said = [] if self.done == stage.trials else [f"{self.done} of {stage.trials} trials"]
        said += [f"best {share(self.best.val_accuracy)}"] if self.best else []
        return f"{stage.name}: {', '.join([*said, self.counts() or 'no trial has ended'])}"


def is_better(record: TrialRecord, best: TrialRecord | None) -> bool:
    """Whether a trial came to its end, and to a higher accuracy than the best before it."""
    if record.outcome != "finished" or isnan(record.val_accuracy):
        return False
    return best is None or record.val_accuracy > best.val_accuracy
