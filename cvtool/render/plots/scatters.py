"""Accuracy over each hyperparameter: where the good trials lie, and whether they crowd an edge."""

from collections.abc import Sequence
from math import isfinite
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cvtool.records import Scatters, SearchedAxis, StageKind, TrialMark
from cvtool.render.plots.scale import (
    Scale,
    Tick,
    accuracy_scale,
    accuracy_ticks,
    searched_scale,
    searched_ticks,
    spread_place,
)
from cvtool.render.plots.style import (
    BEST,
    INK,
    PALE,
    TRAINING,
    VALIDATION,
    class_color,
    figure,
    soften,
)

MOST_IN_A_ROW = 4
PANEL = (2.8, 2.5)
"""Inches of a panel, across and down."""

LEAST_WIDTH = 7.5
"""Inches that title and names need."""

LOWER = -0.14
"""Where trials are whose accuracy is lower than the axis reaches, or that have none."""

STRIP = 0.08
"""What lies around a trial that is lower than all others."""

LETTERS = 34
"""Letters that fit below a panel side by side."""

LONGEST = 20
"""Letters of a word that is written aslant."""

STAGES: dict[StageKind, dict[str, Any]] = {
    "coarse": {"marker": "o", "mfc": "white", "mec": VALIDATION},
    "fine": {"marker": "o", "mfc": VALIDATION, "mec": "white"},
    "halving": {"marker": "^", "mfc": class_color(4), "mec": "white"},
    "extension": {"marker": "D", "mfc": class_color(2), "mec": "white"},
    "repeats": {"marker": "s", "mfc": class_color(3), "mec": "white"},
}
FAILED: dict[str, Any] = {"marker": "x", "mec": TRAINING}
WINNER: dict[str, Any] = {"marker": "o", "mfc": "none", "mec": BEST, "mew": 1.8, "ms": 13}


def draw_scatters(scatters: Scatters) -> Figure | None:
    """Draw a panel for each hyperparameter; nothing where nothing was tried."""
    count = len(scatters.axes)
    if not count or not scatters.marks:
        return None
    rows = -(-count // MOST_IN_A_ROW)
    columns = -(-count // rows)
    size = max(LEAST_WIDTH, PANEL[0] * columns + 1.6), PANEL[1] * rows + 0.6
    drawn = figure(*size, scatters.title)
    accuracies = accuracy_scale(reached(scatters))
    panels = drawn.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for number, axes in enumerate(panels[:count]):
        _draw_panel(axes, scatters, number, accuracies)
        _label_accuracy(axes, accuracies, is_first=number % columns == 0)
    for axes in panels[count:]:
        axes.set_visible(False)
    drawn.legend(
        handles=_legend(scatters),
        loc="outside right upper",
        frameon=False,
        labelcolor=INK,
        fontsize=9,
    )
    return drawn


def reached(scatters: Scatters) -> list[float]:
    """Gather the accuracies of the trials that came to their end, and of the winner."""
    winner = [scatters.winner] if scatters.winner else []
    finished = [each for each in scatters.marks if each.outcome == "finished"]
    return [each.accuracy for each in (*finished, *winner)]


def _draw_panel(axes: Axes, scatters: Scatters, number: int, accuracies: Scale) -> None:
    searched = scatters.axes[number]
    scale = searched_scale(searched, [mark.values[number] for mark in scatters.marks])
    if not searched.words:
        for edge in (searched.low, searched.high):
            axes.axvline(scale.place(edge), color=PALE, linewidth=1.2, zorder=0)
    for at, mark in enumerate(scatters.marks):
        x = spread_place(searched, scale, mark.values[number], at)
        axes.plot(x, _height(mark, accuracies), **_style(mark))
    if scatters.winner is not None:
        x = scale.place(scatters.winner.values[number])
        axes.plot(x, _height(scatters.winner, accuracies), **WINNER, zorder=4)
    axes.set_xlim(-0.07, 1.07)
    axes.set_title(searched.name, loc="left", fontsize=10, color=INK, parse_math=False)
    soften(axes)
    _label_values(axes, searched, searched_ticks(searched, scale))


def _height(mark: TrialMark, accuracies: Scale) -> float:
    if not isfinite(mark.accuracy) or mark.accuracy < accuracies.low:
        return LOWER
    return accuracies.place(mark.accuracy)


def _style(mark: TrialMark) -> dict[str, Any]:
    if mark.outcome != "finished":
        return {**FAILED, "ms": 4.5, "zorder": 2}
    return {**STAGES[mark.stage], "ms": 6, "mew": 1.1 if mark.stage == "coarse" else 0.6}


def _label_values(axes: Axes, searched: SearchedAxis, ticks: Sequence[Tick]) -> None:
    """Write values below a panel; words that are too long for their room in lines, or aslant."""
    places, words = [tick.place for tick in ticks], [tick.words for tick in ticks]
    width = LETTERS // max(1, len(ticks))
    if not searched.words or max(map(len, words)) <= width:
        axes.set_xticks(places, words, parse_math=False)
    elif max(len(part) for word in words for part in word.split()) <= width:
        lines = [fill(word, width, max_lines=4, placeholder="…") for word in words]
        axes.set_xticks(places, lines, fontsize=7, parse_math=False)
    else:
        short = [word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words]
        axes.set_xticks(places, short, fontsize=7, parse_math=False)
        for label in axes.get_xticklabels():
            label.set(rotation=30, horizontalalignment="right", rotation_mode="anchor")


def _label_accuracy(axes: Axes, accuracies: Scale, *, is_first: bool) -> None:
    ticks = accuracy_ticks(accuracies)
    words = ["lower", *(tick.words for tick in ticks)]
    axes.set_yticks([LOWER, *(tick.place for tick in ticks)], words)
    axes.set_ylim(LOWER - STRIP, 1 + STRIP)
    axes.axhspan(LOWER - STRIP, LOWER + STRIP, color=PALE, alpha=0.35, linewidth=0, zorder=0)
    if is_first:
        axes.set_ylabel("validation accuracy", fontsize=9, color=INK)


def _legend(scatters: Scatters) -> list[Line2D]:
    """Name the marks that there are."""
    finished = {mark.stage for mark in scatters.marks if mark.outcome == "finished"}
    names: list[tuple[str, dict[str, Any]]] = [
        (kind, {**style, "ms": 6}) for kind, style in STAGES.items() if kind in finished
    ]
    if any(mark.outcome != "finished" for mark in scatters.marks):
        names.append(("given up", {**FAILED, "ms": 5}))
    if scatters.winner is not None:
        names.append(("winner", {**WINNER, "ms": 10}))
    return [Line2D([], [], linestyle="", label=name, **style) for name, style in names]
