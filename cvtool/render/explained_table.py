"""A check, verdict or claim in words, and the names of all."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import Explained, ExplainedNames
from cvtool.render.narrow import Table
from cvtool.render.verdict_lines import OPTION


def explained_table(explained: Explained) -> RenderableType:
    """Lay out one explanation: what it means first, what to try last."""
    title = Text.assemble(
        (explained.name, "bold"), f"  {explained.group}, notes {explained.section}"
    )
    lines = Table.grid(padding=(0, 3, 0, 0))
    lines.add_column(style="dim", no_wrap=True)
    lines.add_column(overflow="fold")
    lines.add_row("means", Text(explained.meaning))
    if explained.formula:
        lines.add_row("formula", Text(explained.formula, "bold"))
    for name, words in (("often because of", explained.causes), ("try", explained.remedies)):
        for number, each in enumerate(words):
            text = Text(each)
            text.highlight_regex(OPTION, "bold cyan")
            lines.add_row("" if number else name, text)
    return Group(title, Padding(lines, (0, 0, 0, 2)))


def explained_names_table(groups: Sequence[ExplainedNames]) -> RenderableType:
    """Lay out all names, group by group."""
    lines = Table.grid(padding=(0, 3, 0, 0))
    lines.add_column(style="dim", no_wrap=True)
    lines.add_column(overflow="fold")
    for group in groups:
        lines.add_row(group.group, Text(", ".join(group.names)))
    return lines
