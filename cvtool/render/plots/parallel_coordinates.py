"""Trials as lines across all hyperparameters: what the best of them have in common."""

from collections.abc import Sequence
from math import isfinite
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cvtool.records import ParallelCoordinates
from cvtool.render.plots.heat_map import SHADES
from cvtool.render.plots.scale import (
    Scale,
    Tick,
    accuracy_scale,
    accuracy_ticks,
    places_across,
    searched_scale,
    searched_ticks,
)
from cvtool.render.plots.style import BEST, INK, PALE, TRAINING, figure

AXIS = 1.45
"""Inches from axis to axis."""

LETTERS = 16
"""Letters of a line of words beside an axis."""

LEAST_WIDTH = 7.0


def draw_parallel_coordinates(drawn: ParallelCoordinates) -> Figure | None:
    """Draw the trials that reached an accuracy, the best above all others, and in color."""
    marks = sorted(
        (each for each in drawn.marks if isfinite(each.accuracy)), key=lambda each: each.accuracy
    )
    if not marks or not drawn.axes:
        return None
    made = figure(max(LEAST_WIDTH, AXIS * (len(drawn.axes) + 1)), 4.2, drawn.title)
    axes = made.subplots()
    scales = [
        searched_scale(each, [mark.values[number] for mark in marks])
        for number, each in enumerate(drawn.axes)
    ]
    accuracies = accuracy_scale([mark.accuracy for mark in marks])
    _draw_axes(axes, drawn, scales, accuracies)
    for number, mark in enumerate(marks):
        is_best = number >= len(marks) - drawn.best
        _draw_line(
            axes, places_across(drawn.axes, scales, accuracies, mark, number), is_best=is_best
        )
    return made


def _draw_line(axes: Axes, places: Sequence[float], *, is_best: bool) -> None:
    color = BEST if is_best else SHADES(places[-1])
    width = 2.0 if is_best else 1.1
    axes.plot(places, color=color, linewidth=width, zorder=3 if is_best else 2 + places[-1] / 2)


def _draw_axes(
    axes: Axes, drawn: ParallelCoordinates, scales: Sequence[Scale], accuracies: Scale
) -> None:
    for at, (each, scale) in enumerate(zip(drawn.axes, scales, strict=True)):
        _draw_axis(axes, at, each.name, searched_ticks(each, scale))
    _draw_axis(axes, len(scales), "validation accuracy", accuracy_ticks(accuracies))
    axes.set_xlim(-0.45, len(scales) + 0.3)
    axes.set_ylim(-0.06, 1.06)
    axes.set_yticks([])
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)


def _draw_axis(axes: Axes, at: int, name: str, ticks: Sequence[Tick]) -> None:
    axes.plot([at, at], [0, 1], color=TRAINING, linewidth=1, zorder=4)
    names = [*(label.get_text() for label in axes.get_xticklabels())] if at else []
    axes.set_xticks(range(at + 1), [*names, fill(name, LETTERS)], parse_math=False)
    for tick in ticks:
        axes.text(
            at - 0.05,
            tick.place,
            fill(tick.words, LETTERS, max_lines=3, placeholder="…"),
            fontsize=8 if len(tick.words) <= LETTERS else 6.5,
            ha="right",
            va="center",
            color=INK,
            zorder=5,
            parse_math=False,
            bbox={"fc": "white", "ec": PALE, "lw": 0.4, "alpha": 0.8, "pad": 1.2},
        )
