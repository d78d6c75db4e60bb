"""How runs differ: settings, results, curves, and whether the one is better by more than chance."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import Compared, Curve, PairCompared, RunComparison
from cvtool.records.chance import CHANCE
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, duration, loss, points, share, shares
from cvtool.render.verdict_lines import chance_mark

INDENT = 2
CHECKSUM_DIGITS = 12
"""Enough to tell weights apart, and to leave room for a column a run."""

WRITERS: dict[str, Callable[[Any], str]] = {
    "seconds": duration,
    "comparing_seconds": duration,
    "parameters": count,
    "train_images": count,
    "val_images": count,
    "queries": count,
    "weights_checksum": lambda value: str(value)[:CHECKSUM_DIGITS],
    "images_per_second": lambda value: f"{value:,.0f}",
}


def comparison_table(comparison: RunComparison) -> RenderableType:
    """Lay out a comparison, a column for each run."""
    names = [Path(run).name for run in comparison.runs]
    parts: list[RenderableType] = []
    settings: RenderableType = Text("the same settings in all", "dim")
    if comparison.settings:
        settings = _side_by_side(names, comparison.settings)
    parts += _section("settings that differ", settings)
    parts += _section("results", _side_by_side(names, comparison.results))
    if comparison.curves:
        parts += _section("over the epochs", _curves(comparison))
    pairs: list[RenderableType] = [_pairs(comparison.pairs)]
    note = many_words(comparison.pairs)
    if note:
        pairs.append(Text(note, "dim"))
    parts += _section("on the same validation images", Group(*pairs))
    return Group(*parts)


def _section(heading: str, lines: RenderableType) -> list[RenderableType]:
    return [Text(f"{heading}", "bold"), Padding(lines, (0, INDENT, 1, INDENT))]


def _side_by_side(names: Sequence[str], compared: Sequence[Compared]) -> Table:
    table = _table("", names)
    for each in compared:
        cells = [Text(spelled_result(each.name, value)) for value in each.values]
        table.add_row(each.name.replace("_", " "), *cells)
    return table


def spelled_result(name: str, value: Any) -> str:
    """Write a setting or result as its name asks for."""
    if value is None:
        return "–"
    if name in WRITERS:
        return WRITERS[name](value)
    if name.endswith("accuracy"):
        return share(value)
    if name.endswith("loss") and not isinstance(value, str):
        return loss(value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _curves(comparison: RunComparison) -> Table:
    """Lay out the last and the best value of each curve."""
    table = _table("", [Path(run).name for run in comparison.runs])
    known = {(curve.run, curve.name): curve for curve in comparison.curves}
    for quantity in dict.fromkeys(curve.name for curve in comparison.curves):
        found = [known.get((run, quantity)) for run in comparison.runs]
        words = quantity.replace("_", " ")
        table.add_row(f"last {words}", *(spelled_result(quantity, c and c.last) for c in found))
        table.add_row(f"best {words}", *(best_words(curve) for curve in found))
    return table


def best_words(curve: Curve | None) -> str:
    """Write the best value of a curve, and its epoch."""
    if curve is None:
        return "–"
    return f"{spelled_result(curve.name, curve.best)}, epoch {curve.best_epoch}"


def _pairs(pairs: Sequence[PairCompared]) -> RenderableType:
    lines = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(2):
        lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for pair in pairs:
        for row in _pair(pair):
            lines.add_row(*row)
    return lines


def _pair(pair: PairCompared) -> list[tuple[Any, ...]]:
    if pair.accuracies is None or pair.intervals is None:
        return [(Text("–", "yellow"), _versus(pair), Text(pair.verdict, "yellow"))]
    assert pair.p_value is not None
    words = Text(pair.verdict, "bold" if pair.p_value <= CHANCE else "")
    return [
        (chance_mark(pair.p_value), _versus(pair), words),
        ("", "", Text(pair_facts(pair), "dim")),
    ]


def pair_facts(pair: PairCompared) -> str:
    """Say what two runs reach and by how much they differ; nothing where that is not known."""
    if pair.accuracies is None or pair.intervals is None:
        return ""
    assert pair.difference is not None
    assert pair.interval is not None
    scores = ", ".join(
        f"{name} {share(accuracy)} ({shares(*interval)})"
        for name, accuracy, interval in zip(
            (pair.first, pair.second), pair.accuracies, pair.intervals, strict=True
        )
    )
    difference = points(pair.difference, *pair.interval)
    return f"{scores} of {count(pair.images)} images; {pair.second} − {pair.first}: {difference}"


def many_words(pairs: Sequence[PairCompared]) -> str:
    """Say what many comparisons do to p, as intervals may leave zero out where p is large."""
    tested = sum(pair.p_value is not None for pair in pairs)
    if tested < 2:
        return ""
    return f"each p is raised for there being {tested} comparisons (Holm); intervals are not"


def _versus(pair: PairCompared) -> Text:
    return Text(f"{pair.second} against {pair.first}")


def _table(first: str, names: Sequence[str]) -> Table:
    table = Table.headed(gap=2)
    table.add_column(first, style="dim", no_wrap=True)
    for name in names:
        table.add_column(Text(name, "bold"), overflow="fold")
    return table
