"""What is written down of a trial that workers are lost with."""

from cvtool.records import TrialRecord
from cvtool.tuning.trial import Measured, Trial, recorded


def lost_twice(trial: Trial, how: str) -> TrialRecord:
    """Record that a trial was given up, for it would cost every worker that is left."""
    reason = (
        f"its worker was lost twice ({how}): if memory ran out, take fewer --workers or smaller "
        f"settings"
    )
    return recorded(trial, Measured("broken", reason), 0.0)
