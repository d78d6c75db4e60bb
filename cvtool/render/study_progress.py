"""What a study looks like while it goes on: a live table in a terminal, plain lines elsewhere."""

from time import monotonic
from typing import Any

from rich.console import Console
from rich.text import Text

from cvtool.records import (
    StageBegan,
    StagePlan,
    TrialBegan,
    TrialMoved,
    TrialRecord,
    TuneResult,
)
from cvtool.records.params import setting_words
from cvtool.render.progress import Now, Progress
from cvtool.render.quantities import duration, share
from cvtool.render.stage_tally import StageTally, is_better
from cvtool.render.study_table import Running, Standing, study_table
from cvtool.render.study_time import StudyTimeLeft

PAUSE = 0.1
"""Seconds for which the table stays as it is though trials move: nobody could read it."""


class StudyProgress(Progress):
    """Tells the records of a study; ``with`` keeps a live table below, in a terminal."""

    def __init__(self, console: Console, now: Now = monotonic) -> None:
        super().__init__(console, now)
        self._tally: StageTally | None = None
        self._best: TrialRecord | None = None
        self._running: dict[int, Running] = {}
        self._study_left = StudyTimeLeft()
        self._laid_out = float("-inf")

    def tell(self, record: Any) -> None:
        """Show one record of the stream; what is not of a study is shown as of any work."""
        match record:
            case StagePlan():
                self._study_left.plan(record)
            case StageBegan():
                self._begin_stage(record)
            case TrialBegan():
                self._running[record.number] = Running(record)
                self._study_left.at_work(record.worker)
                self._lay_out()
            case TrialMoved():
                self._move(record)
            case TrialRecord():
                self._end_trial(record)
            case TuneResult():
                self._end_stage()
            case _:
                super().tell(record)

    def _begin_stage(self, stage: StageBegan) -> None:
        self._end_stage()
        self._tally = StageTally(stage)
        self._lay_out()

    def _move(self, moved: TrialMoved) -> None:
        running = self._running.get(moved.number)
        if running is not None:
            self._running[moved.number] = Running(running.trial, moved)
        if self._now() - self._laid_out >= PAUSE:
            self._lay_out()

    def _end_trial(self, record: TrialRecord) -> None:
        """Count a trial; one that nobody saw begin ended before an interruption."""
        is_new = self._running.pop(record.number, None) is not None
        if self._tally is None:
            return
        self._tally.add(record, is_new=is_new)
        self._study_left.ended(record)
        if is_better(record, self._best):
            self._best = record
        if is_new and not self._console.is_interactive:
            self._write(_line(record, self._tally))
        self._lay_out()

    def _end_stage(self) -> None:
        """Leave a line of a stage above all that follows."""
        if self._tally is not None:
            self._write(Text(f"  {self._tally.summary()}"))
        self._tally = None
        self._running.clear()

    def _lay_out(self) -> None:
        """Make the table anew; whoever shows it meanwhile has the last one whole."""
        if self._tally is None or not self._console.is_interactive:
            return
        self._laid_out = self._now()
        running = tuple(self._running.values())
        moved = [each.moved for each in running if each.moved]
        stage = self._tally.stage
        standing = Standing(
            tally=self._tally,
            best=self._best,
            running=running,
            seconds_left=self._study_left.left(self._tally, moved),
            is_all=self._study_left.knows_all(stage),
        )
        self._below = study_table(standing, self._console.width, self._console.height)


def _line(record: TrialRecord, tally: StageTally) -> Text:
    """Write the line of a trial that has ended, for a log."""
    ended = "" if record.outcome == "finished" else f"{record.outcome}, "
    why = f" ({record.reason})" if record.reason else ""
    return Text(
        f"  {tally.stage.name} {tally.done}/{tally.stage.trials}  {share(record.val_accuracy)}  "
        f"{ended}trial {record.number} in {duration(record.seconds)}: "
        f"{setting_words(record.params)}{why}"
    )
