"""What a run looks like while it goes on: a live line in a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.text import Text

from cvtool.records import EpochRecord, NetworkTable, Note, StepRecord, WorkRecord
from cvtool.render.epoch_lines import EpochLines
from cvtool.render.narrow import Table
from cvtool.render.quantities import clock, count, shape, size

Now = Callable[[], float]

BAR = 20
"""Characters of the bar of a piece of work."""


class TimeLeft:
    """Estimates how long the whole run still takes from the pace since its first step."""

    def __init__(self, now: Now = monotonic) -> None:
        self._now = now
        self._start: tuple[float, int] | None = None

    def after(self, step: StepRecord) -> float | None:
        """Seconds left, validation between the epochs included; None while it cannot be told."""
        done = (step.epoch - 1) * step.steps + step.step
        if self._start is None:
            self._start = self._now(), done
        began, first = self._start
        if done <= first:
            return None
        return (self._now() - began) / (done - first) * (step.epochs * step.steps - done)


class Progress:
    """Tells records as lines on a console; ``with`` keeps a live line below, in a terminal."""

    def __init__(self, console: Console, now: Now = monotonic) -> None:
        self._console = console
        self._now = now
        self._work = ""
        self._work_began = (0.0, 0)
        self._lines = EpochLines(console.width)
        self._time_left = TimeLeft(now)
        self._below: RenderableType = Spinner("dots", Text("starting", style="dim"))
        self._seconds_left: float | None = None
        self._has_header = False

    def tell(self, record: Any) -> None:
        """Show one record of the stream; those that are no progress are passed over."""
        match record:
            case Note():
                self._write(Text(f"  {record.message}", style="dim"))
            case NetworkTable():
                self._write(_summary(record))
            case WorkRecord():
                self._tell_work(record)
            case StepRecord():
                self._tell_step(record)
            case EpochRecord():
                self._tell_epoch(record)

    def _tell_work(self, record: WorkRecord) -> None:
        if record.work != self._work:
            self._work, self._work_began = record.work, (self._now(), record.done)
        self._below = _work_line(record, self._seconds_for(record))

    def _seconds_for(self, record: WorkRecord) -> float | None:
        """Estimate how long the work still takes from its pace so far."""
        began, first = self._work_began
        if record.done <= first:
            return None
        return (self._now() - began) / (record.done - first) * (record.total - record.done)

    def busy(self, words: str) -> None:
        """Say what is being done when it is not training."""
        self._below = Spinner("dots", Text(words, style="dim"))

    def _write(self, text: Text) -> None:
        """Wrap in a terminal only; a log keeps its lines."""
        self._console.print(text, soft_wrap=not self._console.is_terminal)

    def _tell_step(self, step: StepRecord) -> None:
        self._lines.epochs = step.epochs
        self._write_header()
        self._seconds_left = self._time_left.after(step)
        self._below = self._lines.running(step, self._seconds_left)

    def _tell_epoch(self, record: EpochRecord) -> None:
        self._write_header()
        self._console.print(self._lines.finished(record), no_wrap=True, overflow="crop")

    def _write_header(self) -> None:
        if not self._has_header:
            self._console.print(self._lines.header(), no_wrap=True, overflow="crop")
            self._has_header = True

    @contextmanager
    def live(self) -> Iterator["Progress"]:
        """Keep the line of the running epoch below all others, where the console is a terminal."""
        if not self._console.is_interactive:
            yield self
            return
        with Live(
            get_renderable=lambda: self._below,
            console=self._console,
            refresh_per_second=8,
            transient=True,
            redirect_stdout=False,
        ):
            yield self


def _work_line(record: WorkRecord, seconds_left: float | None) -> RenderableType:
    """Show how far a piece of work is, in words and as a bar; work of no length in words alone."""
    if not record.total:
        return Spinner("dots", Text(record.work, style="dim"))
    spell = size if record.unit == "bytes" else lambda number: f"{number:,}"
    words = f"{record.work} {spell(record.done)} of {spell(record.total)}"
    line = Table.grid(padding=(0, 2, 0, 0))
    left = "" if seconds_left is None else clock(seconds_left)
    line.add_row(
        Spinner("dots", Text(words, style="dim")),
        ProgressBar(total=record.total, completed=record.done, width=BAR),
        Text(left, style="dim"),
    )
    return line


def _summary(network: NetworkTable) -> Text:
    facts = (
        f"{shape(network.input_shape)} images",
        f"{count(network.parameters)} parameters",
        f"{count(network.multiply_adds)} multiply-adds",
    )
    return Text.assemble("  ", network.formula, (f"\n  {', '.join(facts)}", "dim"))
