"""What two settings reach together, in shades and numbers."""

import numpy as np

from cvtool.records import HeatMap
from cvtool.render.quantities import share
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import Option, item_tooltip
from cvtool.render.report.charts.told import told

DARK = 0.75
"""Share of the way from the worst to the best from where words are light."""

CELL = 62
"""Pixels that a cell needs to hold its number."""


def heat_map_chart(heat_map: HeatMap) -> Chart | None:
    """Shade cells from the worst to the best and frame that one; nothing where there are none."""
    values = np.asarray(heat_map.values, np.float64)
    if not values.size:
        return None
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    best = heat_map.best
    if best is None and known.size:
        row, column = np.unravel_index(np.nanargmax(values), values.shape)
        best = int(row), int(column)
    places = sorted(np.ndindex(values.shape), key=lambda at: at == best)  # its frame above others
    cells = [_cell(heat_map, at, best, low, high) for at in places]
    rows, columns = values.shape
    option = {
        "grid": {"left": 30, "right": 12, "top": 12, "bottom": 34, "containLabel": True},
        "xAxis": _axis(heat_map.x, heat_map.x_label, 26),
        "yAxis": _axis(heat_map.y, heat_map.y_label, 54) | {"nameRotate": 90},
        "tooltip": item_tooltip(),
        "visualMap": {
            "show": False,
            "min": low,
            "max": max(high, low + 1e-9),
            "dimension": 2,
            "inRange": {"color": ["--heat-low", "--heat"]},
        },
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True}}],
    }
    height = 44 * rows + 70
    return Chart(heat_map.title, option, height, width=CELL * columns + 90)


def _axis(values: tuple[float, ...], name: str, gap: int) -> Option:
    return {
        "type": "category",
        "data": [f"{each:.3g}" for each in values],
        "name": name,
        "nameLocation": "middle",
        "nameGap": gap,
        "splitArea": {"show": False},
    }


def _cell(
    heat_map: HeatMap, at: tuple[int, ...], best: tuple[int, int] | None, low: float, high: float
) -> Option:
    row, column = at
    value = float(heat_map.values[row, column])
    is_known = bool(np.isfinite(value))
    words = share(value) if is_known else "diverged"
    is_dark = is_known and (value - low) / max(high - low, 1e-9) > DARK
    rows = [
        (heat_map.x_label, f"{heat_map.x[column]:.3g}"),
        (heat_map.y_label, f"{heat_map.y[row]:.3g}"),
        ("accuracy", words),
    ]
    style: Option = {"borderColor": "--card", "borderWidth": 1.5}
    if at == best:
        style = {"borderColor": "--best", "borderWidth": 3.5}
    if not is_known:
        style["color"] = "--pale"
    return {
        "value": [column, row, value if is_known else low],
        "visualMap": is_known,
        "told": told("best" if at == best else "", rows),
        "label": {"formatter": words, "color": "--heat-words" if is_dark else "--ink"},
        "itemStyle": style,
    }
