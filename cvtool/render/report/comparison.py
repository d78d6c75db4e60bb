"""How runs differ, before each of them is shown."""

from collections.abc import Sequence
from pathlib import Path

from cvtool.records import Compared, Curve, PairCompared, RunComparison
from cvtool.records.chance import CHANCE
from cvtool.render.comparison_table import best_words, many_words, pair_facts, spelled_result
from cvtool.render.report.blocks import (
    Block,
    Chart,
    Charts,
    Line,
    Lines,
    Section,
    Sentences,
    Table,
    Tone,
)
from cvtool.render.report.charts.compared import compared_charts


def run_names(runs: Sequence[str]) -> dict[str, str]:
    """Name runs by their folders, by their whole paths where several are called alike."""
    short = [Path(run).name for run in runs]
    return {
        run: name if short.count(name) == 1 else run for run, name in zip(runs, short, strict=True)
    }


def comparison_sections(comparison: RunComparison) -> tuple[Section, ...]:
    """Lay out what ``runs compare`` says: who is better, what differs, and the curves."""
    names = run_names(comparison.runs)
    heads = ("", *(names[run] for run in comparison.runs))
    pairs = Lines(tuple(map(_pair, comparison.pairs)))
    note = many_words(comparison.pairs)
    notes = (Sentences((f"{note[0].upper()}{note[1:]}.",)),) if note else ()
    sections = [Section("verdicts", "On the same validation images", (pairs, *notes))]
    charts = compared_charts(comparison, names)
    if charts:
        sections.append(Section("curves", "Over the epochs", _curves(comparison, charts, heads)))
    sections.append(Section("settings", "Settings that differ", (_settings(comparison, heads),)))
    if comparison.results:
        results = _table("Results of the runs", heads, comparison.results)
        sections.append(Section("results", "Results", (results,)))
    return tuple(sections)


def _pair(pair: PairCompared) -> Line:
    name = f"{pair.second} against {pair.first}"
    if pair.p_value is None:
        return Line("doubt", name, pair.verdict)
    tone: Tone = "differs" if pair.p_value <= CHANCE else "plain"
    return Line(tone, name, pair.verdict, pair_facts(pair))


def _settings(comparison: RunComparison, heads: tuple[str, ...]) -> Block:
    if not comparison.settings:
        return Sentences(("The same settings in all.",))
    return _table("Settings that are not the same in all", heads, comparison.settings)


def _table(caption: str, heads: tuple[str, ...], compared: Sequence[Compared]) -> Table:
    rows = tuple(
        (each.name.replace("_", " "), *(spelled_result(each.name, value) for value in each.values))
        for each in compared
    )
    return Table(caption, heads, rows, words=len(heads), is_titled=True)


def _curves(
    comparison: RunComparison, charts: tuple[Chart, ...], heads: tuple[str, ...]
) -> tuple[Block, ...]:
    known = {(curve.run, curve.name): curve for curve in comparison.curves}
    rows = []
    for quantity in dict.fromkeys(curve.name for curve in comparison.curves):
        found = [known.get((run, quantity)) for run in comparison.runs]
        words = quantity.replace("_", " ")
        rows.append((f"last {words}", *(_last(quantity, each) for each in found)))
        rows.append((f"best {words}", *map(best_words, found)))
    lines = "Validation is drawn through, training is dotted; choose runs by their names."
    table = Table("The last and the best of each curve", heads, tuple(rows))
    return Charts(charts, least=420), Sentences((lines,)), table


def _last(quantity: str, curve: Curve | None) -> str:
    return spelled_result(quantity, curve and curve.last)
