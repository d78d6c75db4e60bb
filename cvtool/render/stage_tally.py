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

    ``told_again`` are the numbers of those that are told anew though they ended before.
    """

    stage: StageBegan
    ended: dict[int, TrialRecord] = field(default_factory=dict)
    told_again: set[int] = field(default_factory=set)

    def add(self, record: TrialRecord, *, is_new: bool = True) -> None:
        """Count a trial; the same one again changes nothing."""
        self.ended[record.number] = record
        if not is_new:
            self.told_again.add(record.number)

    @property
    def done(self) -> int:
        """How many trials have ended, those of before an interruption among them."""
        return min(self.stage.trials, self._untold + len(self.ended))

    @property
    def _untold(self) -> int:
        """How many trials of before nothing else is known of."""
        return max(0, self.stage.done - len(self.told_again))

    @property
    def best(self) -> TrialRecord | None:
        """The best of those that came to their end, the first of several."""
        known = [each for each in self.ended.values() if _has_come_to_its_end(each)]
        return max(known, key=lambda each: each.val_accuracy, default=None)

    def counts(self) -> str:
        """Say how trials ended: ``9 finished, 2 stopped early``."""
        outcomes = Counter(each.outcome for each in self.ended.values())
        said = [f"{outcomes[each]} {word}" for each, word in OUTCOMES.items() if outcomes[each]]
        before = [f"{self._untold} from before"] if self._untold else []
        return ", ".join(before + said)

    def main_reason(self) -> str:
        """Say why most of those that were given up were, as of the first of them.

        Reasons that differ in their numbers alone are the same.
        """
        reasons = [each.reason for each in self.ended.values() if each.reason]
        kinds = Counter(_NUMBER.sub("#", each) for each in reasons)
        if not kinds:
            return ""
        [(most, _)] = kinds.most_common(1)
        return next(each for each in reasons if _NUMBER.sub("#", each) == most)

    def summary(self) -> str:
        """Say in one line what came of the stage."""
        stage = self.stage
        said = [] if self.done == stage.trials else [f"{self.done} of {stage.trials} trials"]
        said += [f"best {share(self.best.val_accuracy)}"] if self.best else []
        return f"{stage.name}: {', '.join([*said, self.counts() or 'no trial has ended'])}"


def _has_come_to_its_end(record: TrialRecord) -> bool:
    return record.outcome == "finished" and not isnan(record.val_accuracy)
