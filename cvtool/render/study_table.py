"""Where a study stands, in few enough lines for a small terminal."""

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.text import Text

from cvtool.records import TrialBegan, TrialMoved, TrialRecord
from cvtool.records.params import setting_words
from cvtool.render.narrow import Table
from cvtool.render.quantities import clock, loss, share
from cvtool.render.stage_tally import StageTally

BAR = 8
"""Characters of the bar of a trial."""

AROUND = 10
"""Lines of a terminal that are not for running trials: those above, and some of the history."""

MOST_RUNNING = 12

MARGIN = 3
"""Characters left free at the right: the ``^C`` of a terminal must not begin a line of its own."""


@dataclass(frozen=True)
class Running:
    """A trial that a worker is at, and how far it is, if that is known."""

    trial: TrialBegan
    moved: TrialMoved | None = None


@dataclass(frozen=True)
class Standing:
    """All there is to show of a study that goes on.

    ``is_all`` is whether ``seconds_left`` are those of the study rather than of its stage.
    """

    tally: StageTally
    best: TrialRecord | None
    running: tuple[Running, ...]
    seconds_left: float | None
    is_all: bool


def study_table(standing: Standing, width: int, height: int) -> RenderableType:
    """Lay out the stage, the best so far, how trials ended, and those that are running."""
    tally = standing.tally
    lines = [_stage(tally, width - MARGIN), _best(standing.best), *_ended(tally), _left(standing)]
    room = min(MOST_RUNNING, max(1, height - AROUND))
    shown = standing.running[:room]
    hidden = len(standing.running) - len(shown)
    more = [_cut(f"  and {hidden} more", "dim")] if hidden else []
    return Constrain(Group(*lines, _trials(shown, tally), *more), width - MARGIN)


def _stage(tally: StageTally, width: int) -> Text:
    stage, number = tally.stage, tally.stage.number + 1
    where = f"  {stage.name}, stage {number} of {max(stage.stages, number)}: "
    words = f"{where}{tally.done} of {stage.trials} trials  "
    bar = _bar(tally.done, stage.trials, max(0, min(24, width - len(words))))
    return _line(Text.assemble((words, "bold"), bar))


def _left(standing: Standing) -> Text:
    left = "–" if standing.seconds_left is None else clock(standing.seconds_left)
    whole = "" if standing.is_all or standing.seconds_left is None else " in this stage"
    return _cut(f"  time    {left} left{whole}", "dim")


def _best(best: TrialRecord | None) -> Text:
    if best is None:
        return _cut("  best    –", "dim")
    accuracy = (share(best.val_accuracy), "bold green")
    words = Text.assemble(("  best    ", "dim"), accuracy, f"  {setting_words(best.params)}")
    return _line(words)


def _ended(tally: StageTally) -> list[Text]:
    lines = [f"  ended   {tally.counts() or '–'}"]
    reason = tally.main_reason()
    if reason:
        lines.append(f"  mostly  {reason}")
    return [_cut(line, "dim") for line in lines]


def _trials(running: tuple[Running, ...], tally: StageTally) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for each in running:
        params = Text(setting_words(each.trial.params), style="dim")
        table.add_row(f"  #{each.trial.number}", *_progress(each.moved, tally), params)
    return table


def _progress(moved: TrialMoved | None, tally: StageTally) -> tuple[Text, str, str]:
    """Say how far a trial is: a bar, its epoch where it has any, its loss."""
    if moved is None or moved.total <= 0:
        return _bar(0, 1, BAR), "", ""
    epochs = tally.stage.epochs
    epoch = min(epochs, moved.done * epochs // moved.total + 1)
    where = f"epoch {epoch}/{epochs}" if epochs else ""
    return _bar(moved.done, moved.total, BAR), where, f"loss {loss(moved.loss)}" if epochs else ""


def _bar(done: int, total: int, width: int) -> Text:
    filled = round(width * min(done, total) / max(total, 1))
    return Text.assemble(("━" * filled, "cyan"), ("─" * (width - filled), "bright_black"))


def _cut(words: str, style: str) -> Text:
    return _line(Text(words, style=style))


def _line(text: Text) -> Text:
    """Keep to one line, whatever the width."""
    text.no_wrap, text.overflow = True, "ellipsis"
    return text
