"""What settings reach: every fold a point, their mean and standard deviation (§2.2)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cvtool.records import Line, Scores
from cvtool.render.plots.scores import MOST_TICKS, QUANTITIES, is_wide
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import (
    Format,
    Option,
    finite,
    grid,
    item_tooltip,
    legend,
    ring,
    value_axis,
)
from cvtool.render.report.charts.told import told, value_words
from cvtool.render.report.palette import class_token

BEST = "best mean"

ROOM = 1.15
"""What a logarithmic axis reaches beyond its values."""

FORMATS: dict[str, Format] = {"accuracy": "share", "loss": "loss", "milliseconds": "number"}


def scores_chart(scores: Scores) -> Chart | None:
    """Draw each line through its means, with error bars; nothing where nothing was measured."""
    lines = [each for each in scores.lines if each.x]
    if not lines:
        return None
    form = FORMATS[scores.quantity]
    series = [each for number, one in enumerate(lines) for each in _line(one, number, scores)]
    names = [each.name for each in lines]
    if scores.quantity == "accuracy" and sum(len(each.x) for each in lines) > 1:
        series.append(_best(lines, scores))
        names.append(BEST)
    values = [each for one in lines for found in one.values for each in found]
    is_log = scores.quantity != "accuracy" and is_wide(values)
    option = {
        "grid": grid(has_legend=len(names) > 1, bottom=34),
        "xAxis": _x_axis(sorted({x for each in lines for x in each.x}), scores.x_label),
        "yAxis": value_axis(form, is_log=is_log),
        "tooltip": item_tooltip(),
        "series": series,
    }
    if len(names) > 1:
        option["legend"] = legend(names)
    return Chart(f"{scores.title}: {QUANTITIES[scores.quantity]}", option, 340)


def _line(line: Line, number: int, scores: Scores) -> list[Option]:
    color, is_repeated = class_token(number), max(map(len, line.values)) > 1
    means = [float(np.mean(each)) for each in line.values]
    drawn: list[Option] = [
        {
            "type": "line",
            "name": line.name,
            "color": color,
            "symbol": "circle",
            "symbolSize": 8,
            "lineStyle": {"width": 2.2},
            "data": [
                {"value": [x, finite(mean)], "told": _told(line, scores, x, values)}
                for x, mean, values in zip(line.x, means, line.values, strict=True)
            ],
        }
    ]
    if is_repeated:
        drawn += [_points(line, color, scores), _bars(line, color, means)]
    return drawn


def _told(line: Line, scores: Scores, x: float, values: Sequence[float]) -> Any:
    form, rows = FORMATS[scores.quantity], [(scores.x_label, f"{x:g}")]
    if len(values) > 1:
        mean, deviation = float(np.mean(values)), float(np.std(values))
        rows.append(("mean", f"{value_words(mean, form)} ± {value_words(deviation, form)}"))
        rows.append(("of", f"{len(values)} values"))
    else:
        rows.append((scores.quantity, value_words(values[0], form)))
    return told(line.name, rows)


def _points(line: Line, color: str, scores: Scores) -> Option:
    return {
        "type": "scatter",
        "name": line.name,
        "color": color,
        "symbolSize": 6,
        "itemStyle": {"opacity": 0.4},
        "data": [
            {
                "value": [x, finite(value)],
                "told": told(line.name, [(scores.x_label, f"{x:g}"), (scores.quantity, words)]),
            }
            for x, values in zip(line.x, line.values, strict=True)
            for value in values
            if (words := value_words(value, FORMATS[scores.quantity]))
        ],
    }


def _bars(line: Line, color: str, means: Sequence[float]) -> Option:
    """Draw from one standard deviation below the mean to one above it."""
    return {
        "type": "custom",
        "draw": "error bar",
        "name": line.name,
        "color": color,
        "silent": True,
        "data": [
            [x, finite(mean - float(np.std(values))), finite(mean + float(np.std(values)))]
            for x, mean, values in zip(line.x, means, line.values, strict=True)
        ],
        "encode": {"x": 0, "y": [1, 2]},
    }


def _best(lines: Sequence[Line], scores: Scores) -> Option:
    """Ring the highest mean, the first one if there are more."""
    means = [
        (float(np.mean(values)), x, line, values)
        for line in lines
        for x, values in zip(line.x, line.values, strict=True)
    ]
    mean, x, line, values = max(means, key=lambda each: each[0])
    return {
        "type": "scatter",
        "name": BEST,
        **ring("--ink", 17),
        "data": [{"value": [x, finite(mean)], "told": _told(line, scores, x, values)}],
    }


def _x_axis(x: list[float], name: str) -> Option:
    """Name the settings themselves rather than round numbers between them, unless of a sweep."""
    is_log = is_wide(x)
    ends = (x[0] / ROOM, x[-1] * ROOM) if is_log else (x[0] - _aside(x), x[-1] + _aside(x))
    axis = value_axis("number", is_log=is_log, name=name) | {"min": ends[0], "max": ends[1]}
    if is_log and len(x) > MOST_TICKS:
        return axis
    ticks = x[:: -(-len(x) // MOST_TICKS)]
    return {**axis, "ticks": [[each, f"{each:,g}"] for each in ticks]}


def _aside(x: Sequence[float]) -> float:
    return 0.04 * (x[-1] - x[0]) or 0.5
