"""Parts that charts have in common: axes, grids, legends, tooltips.

They are plain values of ECharts' options; ``report.js`` replaces what only a program can say:
colors by name, ``format`` and ``ticks`` of an axis, ``tell`` of a tooltip, ``draw`` of a series.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any, Literal

from cvtool.render.plots.scale import Tick

Format = Literal["share", "number", "loss"]
"""How values are written, as tables do."""

Option = dict[str, Any]

LEGEND_HEIGHT = 34

SYMBOLS = ("circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow")

FEW = 20
"""Epochs of which each is marked."""


def finite(value: float | None) -> float | None:
    """Return a number; None, which leaves a gap, where it is not finite."""
    return None if value is None or not isfinite(value) else float(value)


def shortened(words: str, most: int) -> str:
    """Cut words that have more letters than there is room for."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def grid(*, has_legend: bool = True, bottom: int = 26) -> Option:
    """Leave room for the legend above, and for the words of the axes."""
    top = LEGEND_HEIGHT + 4 if has_legend else 14
    return {"left": 8, "right": 18, "top": top, "bottom": bottom, "containLabel": True}


def legend(names: Sequence[str], *, is_small: bool = False) -> Option:
    """Name series above the chart: where there are many of them, page by page, or line by line."""
    placed: Option = {"top": 0, "left": 0, "data": list(names)}
    if is_small:
        return {**placed, "type": "plain", "itemGap": 9, "itemWidth": 12, "itemHeight": 9}
    return {**placed, "type": "scroll", "itemGap": 16, "itemWidth": 22}


def epoch_axis(epochs: Sequence[int]) -> Option:
    """Count epochs along x."""
    return {
        "type": "category",
        "data": [str(each) for each in epochs],
        "boundaryGap": False,
        "name": "epoch",
        "nameLocation": "middle",
        "nameGap": 26,
    }


def value_axis(form: Format, *, is_log: bool = False, name: str = "") -> Option:
    """Measure a quantity; not from zero, unless that is where it begins."""
    axis: Option = {
        "type": "log" if is_log else "value",
        "scale": True,
        "axisLabel": {"format": form},
    }
    return axis | ({"name": name, "nameLocation": "middle", "nameGap": 26} if name else {})


def placed_axis(ticks: Sequence[Tick], low: float, high: float) -> Option:
    """Lay out places, and write at some of them what is there."""
    written = [[each.place, each.words] for each in ticks]
    return {"type": "value", "min": low, "max": high, "ticks": written}


def axis_tooltip(head: str, form: Format) -> Option:
    """Tell the values of all series at the place pointed at: ``head`` comes before that."""
    return {"trigger": "axis", "tell": {"head": head, "format": form}}


def over_epochs(
    epochs: Sequence[int],
    series: Sequence[Option],
    form: Format,
    *,
    names: Sequence[str] = (),
    y_axis: Option | None = None,
) -> Option:
    """Lay series out over epochs; the legend has the ``names``, if there are any."""
    return {
        "grid": grid(has_legend=bool(names)),
        **({"legend": legend(names)} if names else {}),
        "xAxis": epoch_axis(epochs),
        "yAxis": value_axis(form) if y_axis is None else y_axis,
        "tooltip": axis_tooltip("epoch", form),
        "series": list(series),
    }


def item_tooltip() -> Option:
    """Tell what is said of the one mark pointed at, its ``told``."""
    return {"trigger": "item", "tell": {}}


def ring(color: str, size: float) -> Option:
    """Mark by a ring, through which one sees what it is around."""
    return {
        "symbol": "circle",
        "symbolSize": size,
        "itemStyle": {"color": "transparent", "borderColor": color, "borderWidth": 2.5},
        "z": 5,
    }


def symbol_of(number: int) -> str:
    """Name the symbol of one of several lines, for those who cannot tell their colors."""
    return SYMBOLS[number % len(SYMBOLS)]


def line(
    name: str,
    values: Sequence[float | None],
    color: str,
    *,
    told: str = "",
    is_dotted: bool = False,
    symbol: str = "circle",
) -> Option:
    """Draw values over epochs; each is marked where they are few, or stand alone."""
    known = [finite(each) for each in values]
    return {
        "type": "line",
        "name": name,
        "told": told or name,
        "data": known,
        "color": color,
        "symbol": symbol,
        "symbolSize": 5 if is_dotted else 6,
        "showSymbol": len(known) < FEW or sum(each is not None for each in known) < 2,
        "lineStyle": {
            "width": 1.5 if is_dotted else 2.2,
            "type": "dotted" if is_dotted else "solid",
        },
        "emphasis": {"disabled": True},
    }
