"""A computational graph in the terminal: the output at the top, what it is made of below."""

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from cvtool.records import GraphEdge, GraphNode, GraphResult
from cvtool.render import quantities
from cvtool.render.narrow import Table

VALUE, GRADIENT, LOCAL = "green", "red", "cyan"


def graph_tree(result: GraphResult) -> RenderableType:
    """Lay out the graph, and below it a line for each input with its central difference."""
    return Group(
        Padding(_legend(), (1, 2, 0, 2)),
        Padding(_tree(result.nodes), (1, 2)),
        Padding(_inputs(result), (0, 2)),
        Padding(_ending(result), (1, 2, 0, 2)),
    )


def number(value: Any) -> str:
    """Write a number with four digits, an array as ``[1 2; 3 4]``, rows between semicolons."""
    import numpy as np  # here, as other tables are shown without it

    if value is None:
        return "–"
    array = np.asarray(value, np.float64)
    if array.ndim == 0:
        return f"{float(array) + 0.0:.4g}".replace("-", "−").replace("nan", "–")
    rows = [" ".join(map(number, row)) for row in np.atleast_2d(array)]
    return f"[{'; '.join(rows)}]"


def _legend() -> Text:
    return Text.assemble(
        ("∂ local derivative", LOCAL), "  node  ", ("value", VALUE), "  ", ("∇ gradient", GRADIENT)
    )


def _tree(nodes: tuple[GraphNode, ...]) -> Tree:
    """Draw a node that is used again once only, and name it where it returns."""
    root = len(nodes) - 1
    tree = Tree(_words(nodes[root]), guide_style="dim")
    drawn = {root}
    waiting = [(tree, edge) for edge in reversed(nodes[root].inputs)]
    while waiting:
        branch, edge = waiting.pop()
        node = nodes[edge.node]
        again = edge.node in drawn
        drawn.add(edge.node)
        words = Text(f"{node.label}, as above") if again else _words(node)
        grown = branch.add(Text.assemble(_local(edge), words))
        if not again:
            waiting.extend((grown, each) for each in reversed(node.inputs))
    return tree


def _words(node: GraphNode) -> Text:
    if not node.inputs and node.gradient is None:
        return Text(node.label, style="dim")
    shape = f" {quantities.shape(node.shape)}" if node.shape else ""
    flowing = "" if node.gradient is None else f"  ∇ {_shown(node.gradient)}"
    return Text.assemble(
        (node.label, "bold"), (shape, "dim"), "  ", (_shown(node.value), VALUE), (flowing, GRADIENT)
    )


def _local(edge: GraphEdge) -> Text:
    if edge.local is None and edge.jacobian is None:
        return Text()
    if edge.local is None:
        return Text(f"∂ {quantities.shape(edge.jacobian or ())}  ", style=LOCAL)
    return Text(f"∂ {number(edge.local)}  ", style=LOCAL)


MOST_SHOWN = 16
"""Elements of an array that is written out."""


def _shown(value: Any) -> str:
    import numpy as np

    array = np.asarray(value)
    if array.size <= MOST_SHOWN:
        return number(value)
    return f"{number(array.min())} … {number(array.max())}"


def _inputs(result: GraphResult) -> RenderableType:
    if not result.inputs:
        return Text("there is no name to differentiate by", style="dim")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("", "input", "value", "gradient", "central difference", "relative error"):
        table.add_column(heading, overflow="fold", no_wrap=" " in heading)
    for each in result.inputs:
        mark = Text("✓", style="green") if each.ok else Text("✗", style="bold red")
        table.add_row(
            mark,
            Text(each.name, style="bold"),
            Text(_shown(each.value), style=VALUE),
            Text(_shown(each.gradient), style=GRADIENT),
            _shown(each.numeric),
            f"{each.relative_error:.0e}" if each.relative_error else "0",
        )
    notes = [Text(f"   {each.name} is {each.note}") for each in result.inputs if each.note]
    return Group(table, *notes)


def _ending(result: GraphResult) -> Text:
    if result.ok:
        places = " away from kinks" if any(each.note for each in result.inputs) else ""
        return Text(f"backpropagation agrees with differences{places}")
    return Text(
        "a gradient is not what differences say: move the inputs a little; if it stays, report it",
        style="bold red",
    )
