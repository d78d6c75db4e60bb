"""What two settings reach together, in shades and numbers."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cvtool.records import HeatMap
from cvtool.render.plots.style import BEST, INK, PALE, VALIDATION, figure

SHADES = LinearSegmentedColormap.from_list("scores", ["#e3edf6", VALIDATION])
CELL = (0.85, 0.55)
"""Inches of a cell, across and down."""

WIDTH = 6.0
"""Inches that the title needs."""


def draw_heat_map(heat_map: HeatMap) -> Figure | None:
    """Shade cells from the worst to the best and mark that one; nothing where there are none."""
    values = np.ma.masked_invalid(np.asarray(heat_map.values, np.float64))
    if not values.size:
        return None
    rows, columns = values.shape
    width, height = CELL[0] * columns + 1.2, CELL[1] * rows + 1.1
    drawn = figure(max(WIDTH, width), height, heat_map.title)
    axes = drawn.subplots()
    axes.set_facecolor(PALE)
    image = axes.imshow(values, cmap=SHADES, origin="lower", aspect="auto")
    is_dark = np.asarray(image.norm(values)) > 0.6
    for (row, column), value in np.ndenumerate(values.filled(np.nan)):
        _annotate(axes, row, column, value, is_dark=bool(is_dark[row, column]))
    if values.count():
        row, column = heat_map.best or np.unravel_index(values.argmax(), values.shape)
        _frame(axes, int(row), int(column))
    _lay_out(axes, heat_map)
    return drawn


def _annotate(axes: Axes, row: int, column: int, value: float, *, is_dark: bool) -> None:
    words = "diverged" if np.isnan(value) else f"{value:.1%}"
    color = "white" if is_dark else INK
    axes.text(column, row, words, ha="center", va="center", color=color, fontsize=9)


def _frame(axes: Axes, row: int, column: int) -> None:
    corner = (column - 0.5, row - 0.5)
    frame = Rectangle(corner, 1, 1, fill=False, edgecolor=BEST, linewidth=2.5, zorder=3)
    axes.add_patch(frame).set_clip_on(False)


def _lay_out(axes: Axes, heat_map: HeatMap) -> None:
    axes.set_xticks(range(len(heat_map.x)), [f"{x:.3g}" for x in heat_map.x], fontsize=9)
    axes.set_yticks(range(len(heat_map.y)), [f"{y:.3g}" for y in heat_map.y], fontsize=9)
    axes.set_xlabel(heat_map.x_label, fontsize=9, color=INK)
    axes.set_ylabel(heat_map.y_label, fontsize=9, color=INK)
    axes.set_xticks(np.arange(len(heat_map.x) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(heat_map.y) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.2)
    axes.tick_params(which="both", length=0, colors=INK)
    axes.spines[:].set_visible(False)
