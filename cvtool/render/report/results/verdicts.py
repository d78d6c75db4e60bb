"""Verdicts as lines with a sign, and what the checks behind them mean."""

from collections.abc import Sequence

from cvtool.diagnostics.explanations.registry import EXPLANATIONS
from cvtool.records import Verdict
from cvtool.render.report.blocks import Line, Table


def verdict_lines(verdicts: Sequence[Verdict]) -> tuple[Line, ...]:
    """Turn verdicts into lines, in their order."""
    return tuple(Line("well" if each.ok else "ill", each.check, each.message) for each in verdicts)


def meanings(lines: Sequence[Line]) -> Table | None:
    """Say of every check what it means and what fails it, folded away; readers may not know."""
    known = {each.name: each for each in EXPLANATIONS}
    rows = tuple(
        (found.name, found.meaning, "; ".join(found.causes))
        for found in (known[line.name] for line in lines if line.name in known)
    )
    if not rows:
        return None
    return Table(
        "What these checks mean",
        ("check", "means", "fails because of"),
        rows,
        words=3,
        folded="what these checks mean",
        is_titled=True,
    )
