"""How classifiers divide the plane, side by side, so that one sees borders grow smoother."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from cvtool.records import Panel, Regions
from cvtool.render.plots.style import INK, PALE, class_color, figure, tint

Array = NDArray[Any]

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
    for line in (each for each in regions.lines if any(each[:2])):
        x, y = border(line, panel.winners, regions)
        axes.plot(x, y, color=INK, linewidth=0.8, alpha=0.5, solid_capstyle="butt")
    _draw_points(axes, regions)
    axes.set(xlim=regions.x, ylim=regions.y, aspect="equal")
    axes.set_title(panel.title, loc="left", fontsize=10, color=INK)
    axes.tick_params(colors=INK, labelsize=8, length=0)
    axes.label_outer()
    axes.spines[:].set_color(PALE)


def border(line: tuple[float, float, float], winners: Array, regions: Regions) -> Array:
    """Follow a line where other classes win at its one side than at its other.

    Two classes score the same all along their line, but where a third one wins it divides nothing.

    Returns
    -------
    Array
        ``(2, points)``, x and y; not numbers where the line is not to be drawn.
    """
    a, b, c = line
    lowest, highest = np.array([regions.x, regions.y]).T
    cells = np.array(winners.shape[::-1])
    across = np.array([a, b]) / np.hypot(a, b)
    middle = (lowest + highest) / 2
    foot = middle - (across @ middle + c / np.hypot(a, b)) * across
    steps = np.linspace(-0.5, 0.5, 4 * cells.sum() + 1) * np.hypot(*(highest - lowest))
    points = foot[:, None] + np.array([[-across[1]], [across[0]]]) * steps
    # A cell holds points up to half its diagonal from its center: a little more keeps to one side.
    aside = (0.6 * np.hypot(*((highest - lowest) / cells)) * across)[:, None]
    one, other = (_class_at(points + way * aside, winners, lowest, highest) for way in (-1, 1))
    inside = np.all((points >= lowest[:, None]) & (points <= highest[:, None]), axis=0)
    return np.where(inside & _without_gaps(one != other), points, np.nan)


def _without_gaps(divides: Array) -> Array:
    """Let points do as most around them: a line just beside another's border would be dashes."""
    around = len(divides) // 40 * 2 + 1
    return np.convolve(divides, np.ones(around), "same") > around / 2


def _class_at(points: Array, winners: Array, lowest: Array, highest: Array) -> Array:
    """Look up who wins in the cells of points ``(2, n)``; outside, in the cells nearest to them."""
    cells = np.array(winners.shape[::-1])[:, None]
    parts = (points - lowest[:, None]) / (highest - lowest)[:, None]
    column, row = np.clip(np.floor(parts * cells), 0, cells - 1).astype(np.intp)
    found: Array = winners[row, column]
    return found


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
