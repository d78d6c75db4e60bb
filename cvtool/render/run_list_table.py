"""Runs, a line each, thousands of them: laid out here, since rich's tables take a second for that.

Names are never cut; what else is long is shortened.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from cvtool.errors import on_one_line
from cvtool.records import DamagedRun, RunList
from cvtool.render.console import console
from cvtool.render.quantities import count, duration, share
from cvtool.runs import SUMMARY

GAP = "  "
LONGEST = 40
"""Characters of a cell that is not a name."""
TITLES = {"val_accuracy": "val acc.", "parameters": "size", "seconds": "time"}
OUTCOMES = {
    "finished": "green",
    "passed": "green",
    "diverged": "red",
    "failed": "red",
}


def run_list_table(listed: RunList, width: int) -> Text:
    """Lay out a list of runs, each on one line.

    In a terminal so many characters wide, the usual columns stay away that have no room.
    """
    if not listed.runs:
        words = f"no run fulfills the conditions, of {count(listed.total)}"
        return Text(words if listed.total else "runs/ holds none yet")
    shown = {key: _Column(key, [run[key] for run in listed.runs]) for key in listed.columns}
    left_out = _without_room(shown, width) if listed.columns == USUAL else []
    for key in left_out:
        del shown[key]
    lines = [[column.title, *column.cells] for column in shown.values()]
    table = Text(no_wrap=True, overflow="ignore", end="")
    for number, cells in enumerate(zip(*lines, strict=True)):
        _append(table, dict(zip(shown, cells, strict=True)), number == 0)
    more = f"; in a wider terminal also {', '.join(left_out)}" if left_out else ""
    table.append(f"\n{_summary(listed)}{more}", "dim")
    return table


def tell_damaged(damaged: Sequence[DamagedRun]) -> None:
    """Name on stderr the folders that were passed over."""
    stderr = console(stderr=True)
    for each in damaged:
        stderr.print(
            Text(on_one_line(f"! skipped {each.name}: {each.reason}"), "yellow"), soft_wrap=True
        )


class _Column:
    """The cells of one key, all of the same width."""

    def __init__(self, key: str, values: Sequence[Any]) -> None:
        is_right = all(isinstance(each, int | float) or each is None for each in values)
        write = WRITERS.get(key, _plain) if is_right or key == "started" else _plain
        title = TITLES.get(key, key.replace("_", " "))
        texts = [title, *("–" if each is None else write(each) for each in values)]
        if key != "name":
            texts = [_shortened(text) for text in texts]
        width = max(map(cell_len, texts))
        self.title, *self.cells = (_padded(text, width, is_right) for text in texts)


def _without_room(columns: Mapping[str, _Column], width: int) -> list[str]:
    """Name the columns to leave out, as few as will do."""
    needed = 1 + sum(cell_len(each.title) + len(GAP) for each in columns.values()) - len(GAP)
    left_out = []
    for key in FIRST_TO_GO:
        if needed <= width:
            break
        needed -= cell_len(columns[key].title) + len(GAP)
        left_out.append(key)
    return left_out


def _append(table: Text, cells: Mapping[str, str], is_heading: bool) -> None:
    if is_heading:
        table.append(f" {GAP.join(cells.values())}\n", "dim")
        return
    plain = " "  # what needs no style, together: each append costs
    for key, cell in cells.items():
        style = _style(key, cell)
        if style:
            table.append(plain)
            table.append(cell, style)
            plain = GAP
        else:
            plain += cell + GAP
    table.append(plain.rstrip() + "\n")


def _style(key: str, cell: str) -> str:
    if key == "name":
        return "bold"
    return OUTCOMES.get(cell.strip(), "yellow") if key == "outcome" else ""


def _summary(listed: RunList) -> str:
    shown, total = len(listed.runs), listed.total
    words = f" {count(shown)} run{'s' if shown > 1 else ''}"
    return words if shown == total else f"{words} of {count(total)}"


def _padded(text: str, width: int, is_right: bool) -> str:
    padding = " " * (width - cell_len(text))
    return padding + text if is_right else text + padding


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else on_one_line(str(value))


def _moment(started: Any) -> str:
    """Write a moment as people here read their clock."""
    try:
        return f"{datetime.fromisoformat(started).astimezone():%Y-%m-%d %H:%M}"
    except (TypeError, ValueError):
        return _plain(started)


USUAL = tuple(SUMMARY)
FIRST_TO_GO = ("parameters", "seconds", "dataset", "epochs", "command")
"""What a narrow terminal has no room for, in this order."""

WRITERS: dict[str, Callable[[Any], str]] = {
    "started": _moment,
    "epochs": lambda value: f"{value:,}",
    "val_accuracy": share,
    "parameters": count,
    "seconds": duration,
}
"""How the columns of all runs are written."""
