"""What may be typed next: a command a line, each with what it is for."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import Verdict
from cvtool.render.narrow import Table

Way = tuple[str, str]
"""What a command is for, and the command."""

INDENT = 2


def ways_on(ways: Sequence[Way]) -> list[RenderableType]:
    """Lay commands out, the likeliest first; nothing where there are none."""
    if not ways:
        return []
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True, style="dim")
    lines.add_column(overflow="fold", style="bold cyan")
    for aim, command in ways:
        lines.add_row(f"{aim}:", Text(command))
    return [Padding(lines, (0, INDENT))]


def to_explanations(verdicts: Sequence[Verdict]) -> list[Way]:
    """Name what explains the first check that failed."""
    failed = [each.check for each in verdicts if not each.ok]
    return [("what a check means", f"cvtool explain {each}") for each in failed[:1]]


def to_report(run: str) -> list[Way]:
    """Name what shows a run or study, given by its folder, on one page."""
    return [("all on one page", f"cvtool report {quote(Path(run).name)} --open")]
