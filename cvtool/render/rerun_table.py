"""Whether a run that was done again ended in the same bits."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from cvtool.records import Rerun
from cvtool.render.narrow import Table


def rerun_table(rerun: Rerun) -> RenderableType:
    """Lay out what was compared and, where that differs, what may be why."""
    if rerun.same:
        words = f"{rerun.run} ended in the same {rerun.compared} as {rerun.original}, bit for bit"
        return Padding(Text.assemble(("✓  ", "green"), words), (0, 2))
    words = f"{rerun.run} ended in other {rerun.compared} than {rerun.original}"
    line = Text.assemble(("✗  ", "bold red"), (words, "bold"), f": {_why(rerun)}")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    for _ in range(2):
        table.add_column(overflow="fold")
    table.add_row(rerun.compared, rerun.expected, rerun.found)
    for each in rerun.differences:
        table.add_row(each.name.replace("_", " "), *(Text(str(value)) for value in each.values))
    return Padding(Group(line, Text(), table), (0, 2))


def _why(rerun: Rerun) -> str:
    names = {each.name for each in rerun.differences}
    if "data_checksum" in names:
        return "the images have changed since"
    if names - {"threads", "processors"}:
        return "it stands on other versions, or another processor"
    return "the same versions and processor should have given the same bits"
