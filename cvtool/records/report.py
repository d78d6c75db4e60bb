"""What a report is made of: all that was kept of runs."""

from dataclasses import dataclass

from cvtool.records.network import NetworkTable
from cvtool.records.pictures import Drawn, Gallery
from cvtool.records.runs import RunComparison, RunShown
from cvtool.records.training import EpochRecord, Findings


@dataclass(frozen=True, eq=False)
class ReportedRun:
    """All that was kept of one run or study.

    Parameters
    ----------
    shown
        Its settings and surroundings, and the record it ended in, None if it has not.
    history
        Its epochs, of runs that learn.
    network
        Its layers, of runs that learn.
    seen
        What its pictures were drawn from.
    inside
        What ``inspect`` found in its network.
    missing
        What cannot be shown and why, a sentence each.
    """

    shown: RunShown
    history: tuple[EpochRecord, ...]
    network: NetworkTable | None
    seen: tuple[Findings | Drawn, ...]
    inside: tuple[Gallery, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Report:
    """One run, or several with what ``runs compare`` says of them."""

    runs: tuple[ReportedRun, ...]
    comparison: RunComparison | None


@dataclass(frozen=True)
class ReportWritten:
    """Where a report was written to, and of which runs."""

    path: str
    bytes: int
    runs: tuple[str, ...]
