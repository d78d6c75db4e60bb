"""Labeled points in the plane, and how classifiers divide it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.records import Panel, Points, Regions
from cvtool.render.plots.regions import border
from cvtool.render.plots.style import class_color
from cvtool.render.report.blocks import Chart, Charts
from cvtool.render.report.charts.axes import Option, finite, legend
from cvtool.render.report.palette import class_token
from cvtool.render.report.pictures import tinted

Array = NDArray[Any]

SIDE, SMALL_SIDE = 520, 330
"""Pixels of a chart by itself, and beside others."""

OPACITY = 90
SYMBOLS = ("circle", "rect", "triangle", "diamond")
DIGITS = 4
"""Digits of a coordinate: more than can be seen."""


def points_chart(points: Points) -> Chart | None:
    """Draw points in the colors of their classes; nothing where there are none."""
    if not len(points.points):
        return None
    middle = (points.points.max(axis=0) + points.points.min(axis=0)) / 2
    half = float(np.ptp(points.points, axis=0).max()) * 0.52 or 1.0
    x, y = ((float(each) - half, float(each) + half) for each in middle)
    series = _points(points.points, points.labels, points.classes)
    return _chart(points.title, x, y, series, points.classes, SIDE)


def regions_charts(regions: Regions) -> Chart | Charts | None:
    """Tint each cell in the color of its class, below the points; nothing without panels."""
    if not regions.panels:
        return None
    side = SIDE if len(regions.panels) == 1 else SMALL_SIDE
    made = tuple(_panel(each, regions, side) for each in regions.panels)
    if len(made) == 1:
        return made[0]
    return Charts(made, least=side - 60)


def _panel(panel: Panel, regions: Regions, side: int) -> Chart:
    series = [
        _ground(panel, regions),
        *_borders(panel, regions),
        *_points(regions.points, regions.labels, regions.classes),
    ]
    title = panel.title or regions.title
    return _chart(title, regions.x, regions.y, series, regions.classes, side)


def _chart(
    title: str,
    x: tuple[float, float],
    y: tuple[float, float],
    series: Sequence[Option],
    classes: Sequence[str],
    side: int,
) -> Chart:
    option = {
        "grid": {"left": 34, "right": 20, "top": 34, "bottom": 20},
        "legend": legend(classes),
        "xAxis": _axis(x),
        "yAxis": _axis(y),
        "series": list(series),
    }
    return Chart(title, option, side, is_square=True)


def _axis(ends: tuple[float, float]) -> Option:
    return {
        "type": "value",
        "min": ends[0],
        "max": ends[1],
        "splitNumber": 4,
        "axisLabel": {"format": "number", "showMinLabel": False, "showMaxLabel": False},
        "splitLine": {"show": False},
    }


def _points(points: Array, labels: Array, classes: Sequence[str]) -> list[Option]:
    size = float(np.clip(150 / max(1, len(points)) ** 0.5, 3, 9))
    return [
        {
            "type": "scatter",
            "name": name,
            "color": class_token(number),
            "symbol": SYMBOLS[number % len(SYMBOLS)],
            "symbolSize": round(size, 1),
            "silent": True,
            "data": [
                [float(f"{each:.{DIGITS}g}") for each in point]
                for point in points[labels == number].tolist()
            ],
        }
        for number, name in enumerate(classes)
    ]


def _ground(panel: Panel, regions: Regions) -> Option:
    """Lay a picture of the winners below all else, from corner to corner."""
    colors = tuple(class_color(number) for number in range(len(regions.classes)))
    (left, right), (low, high) = regions.x, regions.y
    return {
        "type": "custom",
        "draw": "picture",
        "picture": tinted(panel.winners, colors, OPACITY),
        "silent": True,
        "data": [[left, high, right, low]],
        "encode": {"x": [0, 2], "y": [1, 3]},
        "z": 1,
    }


def _borders(panel: Panel, regions: Regions) -> list[Option]:
    """Draw the lines where two classes score the same, as far as they divide anything."""
    lines = (border(each, panel.winners, regions) for each in regions.lines if any(each[:2]))
    return [
        {
            "type": "line",
            "showSymbol": False,
            "silent": True,
            "color": "--ink",
            "lineStyle": {"width": 1, "opacity": 0.5},
            "data": [[finite(x), finite(y)] for x, y in line.T.tolist()],
        }
        for line in lines
    ]
