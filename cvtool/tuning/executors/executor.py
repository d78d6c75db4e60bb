"""What all that carry trials out have in common."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from cvtool.records import TrialEvent
from cvtool.tuning.trial import Trial


class Executor(Protocol):
    """Carries trials out; may be asked again, for each stage of a study."""

    @property
    def workers(self) -> int:
        """How many trials are carried out at the same time."""
        ...

    def carry_out(self, trials: Sequence[Trial]) -> Iterator[TrialEvent]:
        """Say of every trial that it begins, how far it is, and last its record.

        Whoever stops listening stops the trials that are not finished.
        """
        ...
