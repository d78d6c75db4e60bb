"""How classifiers divide the plane, side by side, so that one sees borders grow smoother."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cvtool.records import Panel, Regions
from cvtool.render.plots.style import INK, PALE, class_color, figure, tint

MOST_IN_A_ROW = 4
ALONE, TOGETHER = 5.5, 3.0
"""Inches a panel is wide: by itself, beside others."""


def draw_regions(regions: Regions) -> Figure | None:
    """Tint each cell in the color of its class, below the points; nothing without panels."""
    count = len(regions.panels)
    if not count:
        return None
    rows = -(-count // MOST_IN_A_ROW)
    columns = -(-count // rows)
    width = ALONE if count == 1 else TOGETHER
    (left, right), (low, high) = regions.x, regions.y
    height = width * float(np.clip((high - low) / (right - left), 0.4, 2.5))
    drawn = figure(width * columns + 1.6, (height + 0.15) * rows + 0.3, regions.title)
    places = drawn.subplots(rows, columns, squeeze=False).ravel()
    for axes, panel in zip(places, regions.panels, strict=False):
        _draw_panel(axes, panel, regions)
    for axes in places[count:]:
        axes.set_axis_off()
    drawn.legend(
        handles=_legend(regions.classes),
        loc="outside right upper",
        frameon=False,
        labelcolor=INK,
        fontsize=9,
    )
    return drawn


def _draw_panel(axes: Axes, panel: Panel, regions: Regions) -> None:
    tints = ListedColormap([tint(class_color(each)) for each in range(len(regions.classes))])
    axes.imshow(
        panel.winners,
        cmap=tints,
        vmin=-0.5,
        vmax=len(regions.classes) - 0.5,
        extent=(*regions.x, *regions.y),
        origin="lower",
        interpolation="nearest",
    )
    for a, b, c in regions.lines:
        if a or b:  # the point nearest to the origin, and one from there along the line
            x, y = (-c * part / (a * a + b * b) for part in (a, b))
            axes.axline((x, y), (x - b, y + a), color=INK, linewidth=0.8, alpha=0.5)
    _draw_points(axes, regions)
    axes.set(xlim=regions.x, ylim=regions.y, aspect="equal")
    axes.set_title(panel.title, loc="left", fontsize=10, color=INK)
    axes.tick_params(colors=INK, labelsize=8, length=0)
    axes.label_outer()
    axes.spines[:].set_color(PALE)


def _draw_points(axes: Axes, regions: Regions) -> None:
    """Draw all points in one go, so that no class lies above all others."""
    x, y = np.asarray(regions.points).T
    colors = [class_color(label) for label in regions.labels.tolist()]
    size = float(np.clip(3000 / max(1, len(x)), 3, 14))
    axes.scatter(x, y, s=size, c=colors, linewidths=0.3, edgecolors="white", zorder=3)


def _legend(classes: tuple[str, ...]) -> list[Line2D]:
    return [
        Line2D([], [], marker="o", linestyle="", ms=6, color=class_color(number), label=name)
        for number, name in enumerate(classes)
    ]
