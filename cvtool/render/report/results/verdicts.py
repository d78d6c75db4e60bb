"""Verdicts as lines with a sign."""

from collections.abc import Sequence

from cvtool.records import Verdict
from cvtool.render.report.blocks import Line


def verdict_lines(verdicts: Sequence[Verdict]) -> tuple[Line, ...]:
    """Turn verdicts into lines, in their order."""
    return tuple(Line("well" if each.ok else "ill", each.check, each.message) for each in verdicts)
