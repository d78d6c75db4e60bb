"""Which classes are taken for which."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from cvtool.records import Findings
from cvtool.render.plots.style import INK, VALIDATION, figure

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
        longest = max(map(len, classes))
        axes.set_xticks(places, classes, rotation=45 if longest > 3 else 0, fontsize=9)
        axes.set_yticks(places, classes, fontsize=9)
        for row, column in np.argwhere(counts):
            color = "white" if shares[row, column] > 0.5 else INK
            number = f"{counts[row, column]}"
            axes.text(column, row, number, ha="center", va="center", color=color, fontsize=9)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
    return matrix
