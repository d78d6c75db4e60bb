"""Curves of several runs over each other: validation drawn through, training dashed."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from cvtool.records import Curve, RunComparison
from cvtool.render.plots.style import INK, class_color, figure, soften

STYLES = {"val": "-", "train": ":"}
WIDTHS = {"val": 2.0, "train": 1.2}
FEW = 20
"""Epochs of which each is marked."""


def draw_compared_curves(comparison: RunComparison) -> Figure:
    """Draw loss and accuracy of all runs that have epochs, a color each."""
    drawn = figure(11, 4.4, "Validation, and training dotted")
    for axes, what in zip(drawn.subplots(1, 2), ("loss", "accuracy"), strict=True):
        _draw(axes, comparison, what)
        if what == "accuracy":
            axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    runs = _with_curves(comparison)
    lines = [Line2D([], [], color=class_color(place), linewidth=2) for place in range(len(runs))]
    names = [Path(run).name.replace("$", r"\$") for run in runs]
    drawn.legend(
        lines, names, loc="outside lower left", ncols=4, frameon=False, labelcolor=INK, fontsize=9
    )
    return drawn


def _draw(axes: Axes, comparison: RunComparison, what: str) -> None:
    runs = _with_curves(comparison)
    for part in ("train", "val"):
        for curve in (each for each in comparison.curves if each.name == f"{part}_{what}"):
            _draw_curve(axes, curve, class_color(runs.index(curve.run)), part)
    axes.set_title(what, loc="left", fontsize=10, color=INK)
    axes.set_xlabel("epoch", fontsize=9, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    soften(axes)


def _draw_curve(axes: Axes, curve: Curve, color: str, part: str) -> None:
    values = [float("nan") if each is None else each for each in curve.values]
    marker = "o" if part == "val" and len(values) < FEW else None
    axes.plot(
        range(1, len(values) + 1),
        values,
        STYLES[part],
        color=color,
        linewidth=WIDTHS[part],
        marker=marker,
        ms=3.5,
    )


def _with_curves(comparison: RunComparison) -> Sequence[str]:
    return list(dict.fromkeys(curve.run for curve in comparison.curves))
