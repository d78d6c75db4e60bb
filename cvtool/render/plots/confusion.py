"""Which classes are taken for which."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from cvtool.records import Findings
from cvtool.render.plots.style import INK, PALE, VALIDATION, figure

MOST_ANNOTATED = 30
SHADES = LinearSegmentedColormap.from_list("shades", ["white", VALIDATION])


def draw_confusion(findings: Findings) -> Figure | None:
    """Draw the confusion matrix: counts in words, the share of each true class in shades."""
    counts, classes = findings.confusion, findings.classes
    total = int(counts.sum())
    if not total:
        return None
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = min(14.0, 2.5 + 0.5 * len(classes))
    title = f"{int(np.trace(counts)):,} of {total:,} validation images right"
    matrix = figure(side + 0.5, side, title)
    axes = matrix.subplots()
    axes.imshow(shares, cmap=SHADES, vmin=0, vmax=1)
    axes.set_xlabel("predicted", color=INK)
    axes.set_ylabel("true", color=INK)
    if len(classes) <= MOST_ANNOTATED:
        places = range(len(classes))
        axes.set_xticks(places, classes, fontsize=9)
        if max(map(len, classes)) > 3:
            for label in axes.get_xticklabels():
                label.set(rotation=45, horizontalalignment="right", rotation_mode="anchor")
        axes.set_yticks(places, classes, fontsize=9)
        for row, column in np.argwhere(counts):
            color = "white" if shares[row, column] > 0.5 else INK
            number = f"{counts[row, column]}"
            axes.text(column, row, number, ha="center", va="center", color=color, fontsize=9)
    axes.set_xticks(np.arange(len(classes) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(classes) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=PALE, linewidth=0.6)
    axes.tick_params(which="both", length=0, colors=INK)
    axes.spines[:].set_color(PALE)
    return matrix
