"""The best settings of a study side by side; one below the other where they are too many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from rich.text import Text

from cvtool.records import TuneResult
from cvtool.records.params import setting_name, setting_value, setting_words
from cvtool.render.narrow import Table
from cvtool.render.quantities import share

MOST = 10
MOST_BELOW = 5
"""Settings to be shown where each takes several lines."""

_GAP = 2
_WIDEST_VALUE = 24
"""Characters of a value that has a column of its own."""


@dataclass(frozen=True)
class Settled:
    """Settings, what they reach, and how that is known."""

    params: Mapping[str, Any]
    accuracy: str
    how: str


def best_settings(result: TuneResult, width: int) -> Table | None:
    """Lay out the best settings, those that were repeated first; None if none came to an end."""
    rows = list(settled(result))[:MOST]
    if not rows:
        return None
    names = list(rows[0].params)
    titles = [setting_name(name) for name in names]
    columns = [[setting_value(row.params[name]) for row in rows] for name in names]
    needed = sum(map(_width, titles, columns)) + sum(
        max(len(words) for words in each) + _GAP for each in _ends(rows)
    )
    is_wide = needed <= width and max(map(_longest, columns), default=0) <= _WIDEST_VALUE
    return _beside(rows, titles, columns) if is_wide else _below(rows[:MOST_BELOW])


def settled(result: TuneResult) -> Iterator[Settled]:
    """Rank the settings of a study, those that were repeated first."""
    repeated = [each.params for each in result.candidates]
    for each in result.candidates:
        runs = len(each.val_accuracies)
        deviation = f" ± {100 * each.std:.1f} %" if runs > 1 else ""
        yield Settled(each.params, f"{share(each.val_accuracy)}{deviation}", _seeds(runs))
    ranked = sorted(
        (each for each in result.trials if each.outcome == "finished"),
        key=lambda each: (-each.val_accuracy, each.val_loss, each.stage, each.number),
    )
    for trial in ranked:
        if trial.params not in repeated and not isnan(trial.val_accuracy):
            repeated.append(trial.params)
            stages = result.stages
            stage = stages[trial.stage].name if trial.stage < len(stages) else "unfinished"
            yield Settled(trial.params, share(trial.val_accuracy), stage)


def _seeds(runs: int) -> str:
    return f"{runs} seed{'s' * (runs != 1)}"


def _ends(rows: list[Settled]) -> tuple[list[str], list[str]]:
    return ["accuracy", *map(_aligned, rows)], ["from", *(row.how for row in rows)]


def _width(title: str, column: list[str]) -> int:
    """Characters a column needs: titles are wrapped between their words."""
    return max(_longest(title.split()), _longest(column)) + _GAP


def _longest(words: list[str]) -> int:
    return max(map(len, words), default=0)


def _beside(rows: list[Settled], titles: list[str], columns: list[list[str]]) -> Table:
    table = _table()
    table.add_column("from", no_wrap=True, style="dim")
    for title, column in zip(titles, columns, strict=True):
        least = max(_longest(title.split()), _longest(column))
        table.add_column(title, justify="right", min_width=least, max_width=least)
    for place, row in enumerate(rows):
        values = [Text(column[place]) for column in columns]
        table.add_row(_accuracy(row, place), Text(row.how), *values)
    return table


def _below(rows: list[Settled]) -> Table:
    table = _table()
    table.add_column("settings", overflow="fold", ratio=1)
    for place, row in enumerate(rows):
        words = Text.assemble(setting_words(row.params), (f"  {row.how}", "dim"))
        table.add_row(_accuracy(row, place), words)
    return table


def _table() -> Table:
    table = Table.headed(gap=1)
    table.add_column("accuracy", no_wrap=True)
    return table


def _accuracy(row: Settled, place: int) -> Text:
    return Text(_aligned(row), "bold green" if place == 0 else "")


def _aligned(row: Settled) -> str:
    """Write an accuracy with its point below those of others, whatever deviation follows."""
    number, percent, deviation = row.accuracy.partition("%")
    return f"{number:>6}{percent}{deviation}"
