"""Which data sets there are, what one holds, what was stored, what was removed."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import Cleared, DatasetEntry, DataShown, Imported
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, shape, size

STATES = {"embedded": "green", "imported": "green", "fetched": "green", "not fetched": "dim"}


ROOM_FOR_SUMMARIES = 120
"""Characters a terminal needs to be wide to have summaries beside the numbers."""


def entries_table(entries: Sequence[DatasetEntry], width: int) -> RenderableType:
    """Lay out the data sets there are, those that can be used at once first."""
    has_summaries = width >= ROOM_FOR_SUMMARIES
    table = Table.headed()
    table.add_column("name", no_wrap=True)
    table.add_column("state", overflow="fold", min_width=11)
    for title in ("images", "test", "classes", "size", "on disk"):
        table.add_column(title, justify="right", no_wrap=True)
    if has_summaries:
        table.add_column("", style="dim", overflow="fold")
    for entry in entries:
        state = _state(entry)
        table.add_row(
            Text(entry.name, "bold"),
            Text(state, STATES.get(state, "yellow")),
            *(_or_dash(number) for number in (entry.images, entry.test_images, entry.classes)),
            shape(entry.shape) if entry.shape else "–",
            size(entry.bytes) if entry.bytes else "–",
            *([entry.summary] if has_summaries else []),
        )
    return table


def _state(entry: DatasetEntry) -> str:
    """Say in one word where a data set that is ready has come from."""
    if entry.state != "ready":
        return entry.state
    return "fetched" if entry.kind == "fetchable" else entry.kind


def imported_table(imported: Imported) -> RenderableType:
    """Say what has been stored, and how to use it."""
    facts = Text.assemble(
        (imported.name, "bold green"),
        f": {count(imported.images)} images to learn from and {count(imported.test_images)} to test"
        f" on, {imported.classes} classes, {shape(imported.shape)}\n",
        (f"{imported.path}, {size(imported.bytes)}, checksum {imported.checksum}", "dim"),
    )
    way_on = Text.assemble("to use it: ", (f"--dataset {imported.name}", "bold cyan"))
    return Group(facts, way_on)


def shown_table(shown: DataShown) -> RenderableType:
    """Say how many images there are, class by class, and where the pictures are."""
    heading = Text.assemble(
        (shown.dataset, "bold"),
        f": {count(shown.images)} images of {shape(shown.shape)} in {shown.classes} classes",
    )
    pictures = Text("\n".join(shown.pictures), style="dim", overflow="fold")
    return Group(heading, counts_table(shown.class_counts), pictures)


def counts_table(class_counts: Mapping[str, Mapping[str, int]]) -> RenderableType:
    """Lay out how many images of each class every part holds."""
    table = Table.headed()
    table.add_column("class", overflow="fold")
    for part in class_counts:
        table.add_column(part, justify="right", no_wrap=True)
    for name in next(iter(class_counts.values())):
        table.add_row(Text(name), *(f"{counts[name]:,}" for counts in class_counts.values()))
    totals = [f"{sum(counts.values()):,}" for counts in class_counts.values()]
    table.add_section()
    table.add_row(Text("all", "dim"), *totals)
    return table


def cleared_table(cleared: Sequence[Cleared]) -> RenderableType:
    """Lay out what has been removed, or would be."""
    if not cleared:
        return Text("there is nothing to remove")
    table = Table.headed()
    table.add_column("what", no_wrap=True)
    table.add_column("where", overflow="fold", style="dim")
    table.add_column("size", justify="right", no_wrap=True)
    for each in cleared:
        table.add_row(each.what, each.path, size(each.bytes))
    total = size(sum(each.bytes for each in cleared))
    removed = all(each.removed for each in cleared)
    words = f"{total} are free again" if removed else f"{total} would be free"
    return Group(table, Text(words, style="green" if removed else "yellow"))


def _or_dash(number: int | None) -> str:
    return "–" if number is None else count(number)
