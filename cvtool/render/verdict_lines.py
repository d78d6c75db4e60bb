"""Verdicts, a line each: a mark, what was looked at, what was found and what to try."""

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import Verdict
from cvtool.records.chance import CHANCE
from cvtool.render.narrow import Table

OPTION = r"--[a-z][a-z-]*( (?:\"[^\"]+\"|[\d.e,+-]+|[a-z0-9]+(?![ \w])))?"
"""What a verdict advises to type stands out, with its value."""


def verdict_lines(verdicts: tuple[Verdict, ...]) -> RenderableType:
    """Lay out verdicts."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(no_wrap=True)
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for verdict in verdicts:
        mark = Text("✓", style="green") if verdict.ok else Text("✗", style="bold red")
        check = Text(verdict.check, style="dim" if verdict.ok else "bold")
        message = Text(verdict.message)
        message.highlight_regex(OPTION, "bold cyan")
        lines.add_row(mark, check, message)
    return Padding(lines, (0, 2))


def chance_mark(p_value: float) -> Text:
    """Mark a difference: ``≠`` where it is more than chance would make, else ``≈``."""
    return Text("≠", "bold green") if p_value <= CHANCE else Text("≈", "dim")
