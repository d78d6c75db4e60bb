"""One line an epoch, in columns; a narrow terminal gets fewer of them."""

from dataclasses import dataclass

from rich.text import Text

from cvtool.records import EpochRecord, StepRecord
from cvtool.render.quantities import clock, duration, loss, rate, share

WIDTHS = {
    "epoch": 7,
    "train loss": 10,
    "val loss": 8,
    "train acc.": 10,
    "val acc.": 8,
    "images/s": 8,
}
"""Characters of each column, in order; two blanks stand before each."""

LEAST_MISSED = ("images/s", "val loss", "train acc.", "train loss")
TAIL = 17
"""Characters kept for what follows the columns: a bar and the time left."""


@dataclass
class EpochLines:
    """Writes the header, the line of a finished epoch and that of the running one."""

    width: int
    epochs: int = 0
    last: EpochRecord | None = None

    def header(self) -> Text:
        """Name the columns."""
        return Text(self._columns({name: name for name in WIDTHS}), style="dim")

    def finished(self, record: EpochRecord) -> Text:
        """Write the line of a finished epoch; the best so far is marked."""
        self.last = record
        columns = self._columns(
            {
                "epoch": self._place(record.epoch),
                "train loss": loss(record.train_loss),
                "val loss": loss(record.val_loss),
                "train acc.": share(record.train_accuracy),
                "val acc.": share(record.val_accuracy),
                "images/s": rate(record.images_per_second),
            }
        )
        tail = f"  {_brief(record.seconds)}{'  best' if record.best else ''}"
        return Text.assemble(columns, (tail, "green" if record.best else "dim"))

    def running(self, step: StepRecord, seconds_left: float | None) -> Text:
        """Write the line of the running epoch; validation is that of the last one finished."""
        columns = self._columns(
            {
                "epoch": self._place(step.epoch),
                "train loss": loss(step.loss),
                "val loss": loss(self.last.val_loss) if self.last else "",
                "train acc.": share(step.accuracy),
                "val acc.": share(self.last.val_accuracy) if self.last else "",
                "images/s": rate(step.images_per_second),
            }
        )
        left = "" if seconds_left is None else f"  {clock(seconds_left)} left"
        room = max(0, min(30, self.width - len(columns) - len(left) - 3))
        done = round(room * step.step / step.steps)
        bar = Text.assemble(("━" * done, "cyan"), ("─" * (room - done), "bright_black"))
        return Text.assemble(columns, "  ", bar, (left, "dim"), no_wrap=True, overflow="crop")

    def _place(self, epoch: int) -> str:
        return f"{epoch}/{self.epochs}" if self.epochs else str(epoch)

    def _columns(self, cells: dict[str, str]) -> str:
        names = list(WIDTHS)
        for name in LEAST_MISSED:
            if TAIL + sum(2 + WIDTHS[each] for each in names) > self.width:
                names.remove(name)
        return "".join(f"  {cells[name]:>{WIDTHS[name]}}" for name in names)


def _brief(seconds: float) -> str:
    return duration(seconds) if seconds < 59.95 else f"{clock(seconds)} min"
