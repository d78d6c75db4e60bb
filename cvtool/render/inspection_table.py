"""What is inside a network, convolution by convolution, and what it decided on images."""

from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import InspectedImage, InspectedLayer, Inspection
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, share
from cvtool.render.verdict_lines import verdict_lines
from cvtool.render.ways_on import to_explanations, to_report, ways_on

MOST_NUMBERS = 12
"""Dead filters that are listed; of more, the first."""


def inspection_table(inspection: Inspection) -> RenderableType:
    """Lay out what was found; the first line is where the pictures are."""
    parts: list[RenderableType] = [
        Text(inspection.folder, overflow="fold"),
        Text(_heading(inspection), style="dim"),
    ]
    if inspection.layers:
        parts.append(_layers(inspection.layers))
    parts.append(_images(inspection.images))
    parts += [Text(f"left out: {each}", style="yellow") for each in inspection.left_out]
    if inspection.verdicts:
        parts.append(verdict_lines(inspection.verdicts))
    parts += ways_on([*to_explanations(inspection.verdicts), *to_report(inspection.run)])
    return Group(*parts)


def _heading(inspection: Inspection) -> str:
    return (
        f"{len(inspection.pictures)} pictures; {count(inspection.images_looked_at)} validation "
        f"images of {inspection.dataset} looked at"
    )


def _layers(layers: tuple[InspectedLayer, ...]) -> Table:
    table = Table.headed()
    table.add_column("convolution", overflow="fold")
    table.add_column("filters", justify="right", no_wrap=True)
    table.add_column("shown", justify="right", no_wrap=True)
    table.add_column("sees", justify="right", no_wrap=True)
    table.add_column("dead", overflow="fold")
    for each in layers:
        table.add_row(
            each.name,
            count(each.filters),
            count(each.shown),
            f"{each.receptive_field} px",
            Text(_dead(each), "yellow" if each.dead else "dim"),
        )
    return table


def _dead(layer: InspectedLayer) -> str:
    if not layer.dead:
        return "none"
    listed = ", ".join(map(str, layer.dead[:MOST_NUMBERS]))
    more = ", …" if len(layer.dead) > MOST_NUMBERS else ""
    return f"{len(layer.dead)}: {listed}{more}"


def _images(images: tuple[InspectedImage, ...]) -> Table:
    table = Table.headed()
    table.add_column("image", overflow="fold")
    table.add_column("is", overflow="fold")
    table.add_column("seen as", overflow="fold")
    table.add_column("probability", justify="right", no_wrap=True)
    for each in images:
        is_wrong = each.label is not None and each.label != each.predicted
        table.add_row(
            each.file if each.file is not None else f"validation {each.position}",
            Text(each.label or "–"),
            Text(each.predicted, "red" if is_wrong else ""),
            share(each.probability),
        )
    return table
