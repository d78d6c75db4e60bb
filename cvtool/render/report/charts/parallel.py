"""Trials as lines across all hyperparameters: what the best of them have in common."""

from collections.abc import Sequence
from math import isfinite

from cvtool.records import ParallelCoordinates
from cvtool.render.plots.scale import (
    Scale,
    Tick,
    accuracy_scale,
    accuracy_ticks,
    places_across,
    searched_scale,
    searched_ticks,
)
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import Option, item_tooltip, legend, shortened
from cvtool.render.report.charts.trials import trial_told

AXIS = 118
"""Pixels from axis to axis, where there is little room."""

MOST_LETTERS = 14
BEST, OTHERS = "best", "other trials"
HINT = "Drag along an axis to see only the trials within; a click on it shows all again."


def parallel_chart(drawn: ParallelCoordinates) -> Chart | None:
    """Draw the trials that reached an accuracy, the best above all others, and in color."""
    marks = sorted(
        (each for each in drawn.marks if isfinite(each.accuracy)), key=lambda each: each.accuracy
    )
    if not marks or not drawn.axes:
        return None
    scales = [
        searched_scale(each, [mark.values[number] for mark in marks])
        for number, each in enumerate(drawn.axes)
    ]
    accuracies = accuracy_scale([mark.accuracy for mark in marks])
    lines = [
        {
            "value": places_across(drawn.axes, scales, accuracies, mark, number),
            "told": trial_told(mark, drawn.axes),
        }
        for number, mark in enumerate(marks)
    ]
    first = len(lines) - drawn.best
    series = [
        _series(OTHERS, lines[:first], "--training", 1.2, 0.6),
        _series(BEST, lines[first:], "--best", 2.4, 0.95),
    ]
    option = {
        "parallel": {"left": 60, "right": 70, "top": 78, "bottom": 18, "parallelAxisDefault": {}},
        "parallelAxis": _axes(drawn, scales, accuracies),
        "legend": legend([BEST, OTHERS]),
        "tooltip": item_tooltip(),
        "series": series,
    }
    return Chart(drawn.title, option, 380, width=AXIS * (len(drawn.axes) + 1) + 60, hint=HINT)


def _axes(drawn: ParallelCoordinates, scales: Sequence[Scale], accuracies: Scale) -> list[Option]:
    made = [
        _axis(number, axis.name, searched_ticks(axis, scale))
        for number, (axis, scale) in enumerate(zip(drawn.axes, scales, strict=True))
    ]
    return [*made, _axis(len(made), "accuracy", accuracy_ticks(accuracies))]


def _axis(number: int, name: str, ticks: Sequence[Tick]) -> Option:
    return {
        "dim": number,
        "name": name,
        "type": "value",
        "min": 0,
        "max": 1,
        "ticks": [[each.place, shortened(each.words, MOST_LETTERS)] for each in ticks],
        "axisLine": {"lineStyle": {"color": "--soft", "width": 1.5}},
        "axisLabel": {"backgroundColor": "--card", "padding": [1, 3], "color": "--ink"},
        "nameTextStyle": {"color": "--ink"},
        "areaSelectStyle": {"color": "--validation", "borderColor": "--validation"},
    }


def _series(name: str, lines: list[Option], color: str, width: float, opacity: float) -> Option:
    return {
        "type": "parallel",
        "name": name,
        "color": color,
        "lineStyle": {"color": color, "width": width, "opacity": opacity},
        "emphasis": {"lineStyle": {"width": width + 2, "opacity": 1}},
        "data": lines,
    }
