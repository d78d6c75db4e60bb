"""A network layer by layer, in one table: shapes with their arithmetic, and what each costs."""

from cvtool.records import NetworkTable
from cvtool.render.network_table import COSTS, SHAPES
from cvtool.render.quantities import shape
from cvtool.render.report.blocks import Section, Table


def layers_section(network: NetworkTable) -> Section:
    """Lay a network out."""
    columns = SHAPES + COSTS
    heads = ("name", "layer", *(_head(each.title) for each in columns))
    rows = tuple(
        (row.name, row.layer, *(each.cell(row) for each in columns)) for row in network.rows
    )
    foot = ("total", "", *(each.total(network) for each in columns))
    caption = (
        f"{shape(network.input_shape)} images, {network.batch_size} a step, {network.loss} loss"
    )
    table = Table(caption, heads, rows, words=5, foot=foot)
    return Section("layers", "Layer by layer", (table,))


def _head(title: str) -> str:
    return title.replace("-\n", "-").replace("\n", " ")
