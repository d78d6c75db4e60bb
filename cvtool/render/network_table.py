"""A network layer by layer: shapes with their arithmetic, and what each layer costs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Group, RenderableType
from rich.text import Text

from cvtool.records import LayerRow, NetworkTable
from cvtool.render.narrow import Table
from cvtool.render.quantities import count, shape, size

WIDE = 150
"""Characters a line needs to hold shapes and costs side by side."""


@dataclass(frozen=True)
class Column:
    """A title, what to write for a layer, and the total below."""

    title: str
    cell: Callable[[LayerRow], str]
    total: Callable[[NetworkTable], str] = lambda _: ""
    justify: Literal["left", "right"] = "right"


def network_table(network: NetworkTable, width: int) -> RenderableType:
    """Lay out a network in one table, or in two where lines are shorter than ``WIDE``."""
    heading = Text.assemble(
        (network.formula, "bold"),
        f"\n{shape(network.input_shape)} images, {network.batch_size} a step, {network.loss} loss",
    )
    if width >= WIDE:
        return Group(heading, _table(network, SHAPES + COSTS))
    return Group(heading, _table(network, SHAPES), _table(network, COSTS))


def _table(network: NetworkTable, columns: tuple[Column, ...]) -> Table:
    has_totals = any(column.total(network) for column in columns)
    table = Table(
        box=box.SIMPLE_HEAD,
        show_footer=has_totals,
        pad_edge=False,
        collapse_padding=True,
        header_style="dim",
    )
    table.add_column("name", footer="total", style="dim", no_wrap=True)
    table.add_column("layer", overflow="fold")
    for column in columns:
        table.add_column(column.title, footer=column.total(network), justify=column.justify)
    for row in network.rows:
        table.add_row(row.name, row.layer, *(column.cell(row) for column in columns))
    return table


def _unseen(row: LayerRow) -> str:
    """Tell the rows and columns of the input that no window reaches."""
    sides = ((row.unseen_rows, "row"), (row.unseen_columns, "column"))
    return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in sides if n) or "–"


def _or_dash(words: str, number: int) -> str:
    return words if number else "–"


SHAPES = (
    Column("output", lambda row: shape(row.output_shape)),
    Column("arithmetic", lambda row: row.arithmetic, justify="left"),
    Column("never seen", _unseen, justify="left"),
)
COSTS = (
    Column("receptive\nfield", lambda row: shape((row.receptive_field, row.receptive_field))),
    Column(
        "parameters",
        lambda row: _or_dash(count(row.parameters), row.parameters),
        lambda network: count(network.parameters),
    ),
    Column(
        "multiply-\nadds",
        lambda row: _or_dash(count(row.multiply_adds), row.multiply_adds),
        lambda network: count(network.multiply_adds),
    ),
    Column(
        "activation\nmemory",
        lambda row: _or_dash(size(row.activation_bytes), row.activation_bytes),
        lambda network: size(network.activation_bytes),
    ),
    Column(
        "im2col\navoided",
        lambda row: _or_dash(size(row.im2col_bytes), row.im2col_bytes),
        lambda network: size(network.im2col_bytes),
    ),
)
