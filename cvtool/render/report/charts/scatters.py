"""Accuracy over each hyperparameter: where the good trials lie, and whether they crowd an edge."""

from collections.abc import Sequence
from math import isfinite

from cvtool.records import Scatters, TrialMark
from cvtool.render.plots.scale import (
    Scale,
    Tick,
    accuracy_scale,
    accuracy_ticks,
    searched_scale,
    searched_ticks,
    spread_place,
)
from cvtool.render.plots.scatters import LOWER, STRIP, reached
from cvtool.render.report.blocks import Chart, Charts
from cvtool.render.report.charts.axes import (
    Option,
    grid,
    item_tooltip,
    legend,
    placed_axis,
    ring,
    shortened,
)
from cvtool.render.report.charts.trials import STYLES, WINNER, kind_of, trial_told

MARGIN = 0.07
MOST_LETTERS = 12

WIDE, NARROW = 400, 280
"""Least pixels of a chart: two in a row where that leaves none alone, or three."""

ONE_LINE = 4
"""Names that a legend has room for in one line."""


def scatter_charts(scatters: Scatters) -> Charts | None:
    """Draw a chart for each hyperparameter; nothing where nothing was tried."""
    if not scatters.axes or not scatters.marks:
        return None
    accuracies = accuracy_scale(reached(scatters))
    made = tuple(_chart(scatters, number, accuracies) for number in range(len(scatters.axes)))
    return Charts(made, least=WIDE if len(made) in (2, 4) else NARROW)


def _chart(scatters: Scatters, number: int, accuracies: Scale) -> Chart:
    searched = scatters.axes[number]
    scale = searched_scale(searched, [mark.values[number] for mark in scatters.marks])
    ticks = [
        Tick(each.place, shortened(each.words, MOST_LETTERS))
        for each in searched_ticks(searched, scale)
    ]
    groups: dict[str, list[Option]] = {}
    for at, mark in enumerate(scatters.marks):
        x = spread_place(searched, scale, mark.values[number], at)
        groups.setdefault(kind_of(mark), []).append(_point(scatters, mark, x, accuracies))
    series = [_series(kind, groups[kind]) for kind in STYLES if kind in groups]
    names = [kind for kind in STYLES if kind in groups]
    if scatters.winner is not None:
        x = scale.place(scatters.winner.values[number])
        series.append(_winner(scatters, scatters.winner, x, accuracies))
        names.append(WINNER)
    edges = [] if searched.words else [scale.place(each) for each in (searched.low, searched.high)]
    series[0]["markLine"] = _searched(edges)
    option = {
        "grid": {**grid(bottom=6), "top": 36 if len(names) <= ONE_LINE else 58},
        "legend": legend(names, is_small=True),
        "xAxis": placed_axis(ticks, -MARGIN, 1 + MARGIN),
        "yAxis": placed_axis(_heights(accuracies), LOWER - STRIP, 1 + STRIP),
        "tooltip": item_tooltip(),
        "series": series,
    }
    return Chart(searched.name, option, 290)


def _heights(accuracies: Scale) -> Sequence[Tick]:
    return [Tick(LOWER, "lower"), *accuracy_ticks(accuracies)]


def _point(scatters: Scatters, mark: TrialMark, x: float, accuracies: Scale) -> Option:
    return {"value": [x, _height(mark, accuracies)], "told": trial_told(mark, scatters.axes)}


def _height(mark: TrialMark, accuracies: Scale) -> float:
    if not isfinite(mark.accuracy) or mark.accuracy < accuracies.low:
        return LOWER
    return accuracies.place(mark.accuracy)


def _series(kind: str, points: list[Option]) -> Option:
    return {"type": "scatter", "name": kind, "symbolSize": 8, **STYLES[kind], "data": points}


def _winner(scatters: Scatters, mark: TrialMark, x: float, accuracies: Scale) -> Option:
    point = {"value": [x, _height(mark, accuracies)]}
    return {
        "type": "scatter",
        "name": WINNER,
        **ring("--best", 18),
        "data": [{**point, "told": trial_told(mark, scatters.axes, WINNER)}],
    }


def _searched(edges: Sequence[float]) -> Option:
    """Draw the ends of what was searched."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": "--pale", "type": "solid", "width": 1.4},
        "data": [{"xAxis": each} for each in edges],
    }
