"""What settings reach: every fold a point, their mean and standard deviation (notes §2.2)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator, PercentFormatter

from cvtool.records import Line, Scores
from cvtool.render.plots.style import INK, class_color, figure, soften

MOST_TICKS = 12
BEST = "best mean"
QUANTITIES = {"loss": "loss", "accuracy": "accuracy", "milliseconds": "milliseconds for one image"}
WIDE = 10
"""A factor that numbers may span before their axis is logarithmic."""


def draw_scores(scores: Scores) -> Figure | None:
    """Draw each line through its means, with error bars; nothing where nothing was measured."""
    lines = [line for line in scores.lines if line.x]
    if not lines:
        return None
    drawn = figure(8, 4.5, scores.title)
    axes = drawn.subplots()
    for number, line in enumerate(lines):
        _draw_line(axes, line, class_color(number))
    _lay_out_x(axes, sorted({x for line in lines for x in line.x}))
    axes.set_xlabel(scores.x_label, fontsize=9, color=INK)
    if scores.quantity == "accuracy":
        _mark_best(axes, lines)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    elif is_wide([value for line in lines for values in line.values for value in values]):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(FuncFormatter(_number))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title(QUANTITIES[scores.quantity], loc="left", fontsize=10, color=INK)
    soften(axes)
    _add_legend(axes)
    return drawn


def _draw_line(axes: Axes, line: Line, color: str) -> None:
    means = [float(np.mean(values)) for values in line.values]
    is_repeated = max(map(len, line.values)) > 1
    axes.errorbar(
        line.x,
        means,
        yerr=[float(np.std(values)) for values in line.values] if is_repeated else None,
        color=color,
        label=line.name,
        linewidth=2,
        elinewidth=1.2,
        capsize=3,
        marker="o",
        ms=5,
    )
    if is_repeated:
        x = np.repeat(line.x, [len(values) for values in line.values])
        axes.scatter(x, np.concatenate(line.values), s=14, color=color, alpha=0.35, linewidths=0)


def _mark_best(axes: Axes, lines: list[Line]) -> None:
    """Ring the highest of several means, the first one if there are more."""
    means = [
        (float(np.mean(values)), x)
        for line in lines
        for x, values in zip(line.x, line.values, strict=True)
    ]
    if len(means) > 1:
        best, x = max(means, key=lambda each: each[0])
        axes.plot(x, best, "o", mfc="none", mec=INK, mew=1.6, ms=12, label=BEST, zorder=4)


def _add_legend(axes: Axes) -> None:
    """Name the lines in their order, then the ring, which matplotlib would put first.

    One line alone needs no name but that of the picture.
    """
    handles, names = axes.get_legend_handles_labels()
    if len(names) < 2:
        return
    order = sorted(range(len(names)), key=lambda place: names[place] == BEST)
    axes.legend(
        [handles[place] for place in order],
        [names[place] for place in order],
        frameon=False,
        labelcolor=INK,
        fontsize=9,
    )


def _lay_out_x(axes: Axes, x: list[float]) -> None:
    """Name the settings themselves rather than round numbers between them, unless of a sweep."""
    if is_wide(x):
        axes.set_xscale("log")
    if is_wide(x) and len(x) > MOST_TICKS:
        axes.xaxis.set_minor_locator(NullLocator())
        return
    axes.xaxis.set_major_locator(FixedLocator(x[:: -(-len(x) // MOST_TICKS)]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(_number))


def is_wide(numbers: list[float]) -> bool:
    """Whether numbers need a logarithmic axis."""
    return min(numbers) > 0 and max(numbers) > WIDE * min(numbers)


def _number(value: float, _: int) -> str:
    return f"{value:,g}"
