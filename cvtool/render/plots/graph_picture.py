"""A computational graph from left to right: values green above, gradients red below (notes, §4.1).

Every input has a row of its own; what is computed stands midway between its inputs, so that no two
nodes of one column meet.
"""

from dataclasses import dataclass
from itertools import count
from statistics import fmean
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cvtool.records import GraphNode, GraphResult
from cvtool.render.graph_tree import number
from cvtool.render.plots.sheet import sheet, shorten
from cvtool.render.plots.style import INK, PALE
from cvtool.render.quantities import shape

COLUMN, ROW, MARGIN, TITLE = 1.35, 0.9, 0.75, 0.5
"""Inches from node to node, around all, and above."""

VALUE, GRADIENT, LOCAL = "#2e8b57", "#c0392b", "#6b7280"
_WIDEST = 14


@dataclass(frozen=True)
class _Place:
    x: float
    y: float


def draw_graph_picture(result: GraphResult) -> Figure:
    """Draw nodes in circles, and the local derivative on every edge."""
    columns, rows = _columns(result.nodes), _rows(result.nodes)
    width = 2 * MARGIN + COLUMN * (max(columns) - min(columns))
    height = TITLE + MARGIN + ROW * max(rows)
    title = shorten(result.expression, 120)
    figure, axes = sheet(width, height, title)
    places = [
        _Place(MARGIN + COLUMN * (column - min(columns)), TITLE + MARGIN / 2 + ROW * row)
        for column, row in zip(columns, rows, strict=True)
    ]
    for node, place in zip(result.nodes, places, strict=True):
        for edge in node.inputs:
            words = "" if edge.jacobian is None else shape(edge.jacobian)
            local = words if edge.local is None or words else number(edge.local)
            _draw_edge(axes, places[edge.node], place, local)
    for node, place in zip(result.nodes, places, strict=True):
        _draw_node(axes, node, place)
    return figure


def _columns(nodes: tuple[GraphNode, ...]) -> list[int]:
    """Put what is computed right of its inputs, and an input just left of where it is used."""
    columns = [0] * len(nodes)
    for place, node in enumerate(nodes):
        columns[place] = max((columns[edge.node] + 1 for edge in node.inputs), default=0)
    for place in [place for place, node in enumerate(nodes) if not node.inputs]:
        users = [
            columns[user]
            for user, node in enumerate(nodes)
            if any(edge.node == place for edge in node.inputs)
        ]
        columns[place] = min(users, default=1) - 1
    return columns


def _rows(nodes: tuple[GraphNode, ...]) -> list[float]:
    """Give each use of an input a row, in the order of the expression; it stands at its first."""
    rows: dict[int, float] = {}
    free = count()

    def place(number: int) -> float:
        inputs = nodes[number].inputs
        row = fmean(place(edge.node) for edge in inputs) if inputs else float(next(free))
        rows.setdefault(number, row)
        return row

    place(len(nodes) - 1)
    return [rows[number] for number in range(len(nodes))]


def _draw_edge(axes: Axes, start: _Place, end: _Place, local: str) -> None:
    axes.annotate(
        "",
        (end.x, end.y),
        (start.x, start.y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": "#9aa3b0",
            "lw": 1.1,
            "shrinkA": 15,
            "shrinkB": 15,
        },
        zorder=1,
    )
    if local:
        x, y = start.x + 0.55 * (end.x - start.x), start.y + 0.55 * (end.y - start.y)
        axes.text(x, y, local, fontsize=7.5, color=LOCAL, zorder=2, **_CENTERED, bbox=_PAPER)


def _draw_node(axes: Axes, node: GraphNode, place: _Place) -> None:
    is_input = not node.inputs
    frame = {
        "boxstyle": "round,pad=0.35" if is_input else _round(node.label),
        "fc": "#f3f5f8" if is_input else "white",
        "ec": PALE if is_input else INK,
        "lw": 1.1,
    }
    axes.text(
        *(place.x, place.y), shorten(node.label, 12), fontsize=9, color=INK, zorder=3, bbox=frame,
        **_CENTERED,
    )  # fmt: skip
    if is_input and node.gradient is None:
        return
    words = {"fontsize": 8.5, "zorder": 4, "bbox": _PAPER, **_CENTERED}
    axes.text(place.x, place.y - 0.3, _short(node.value), color=VALUE, **words)
    if node.gradient is not None:
        axes.text(place.x, place.y + 0.3, _short(node.gradient), color=GRADIENT, **words)


def _round(label: str) -> str:
    """Draw a circle around a sign, and around a word what does not grow with it."""
    return "circle,pad=0.3" if len(label) < 3 else "round,pad=0.4,rounding_size=0.9"


def _short(value: Any) -> str:
    """Write an array by its shape where its elements would not fit."""
    words = number(value)
    return words if len(words) <= _WIDEST else shape(np.shape(value))


_CENTERED: dict[str, Any] = {"ha": "center", "va": "center", "parse_math": False}
_PAPER = {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none"}
