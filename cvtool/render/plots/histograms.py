"""Distributions side by side, each on its own scale (notes §6.3)."""

from math import ceil

from matplotlib.figure import Figure

from cvtool.records import Histograms
from cvtool.render.plots.style import INK, VALIDATION, figure, soften

COLUMNS = 5


def draw_histograms(drawn: Histograms) -> Figure | None:
    """Draw a small panel for each distribution; nothing where there is none."""
    if not drawn.histograms:
        return None
    rows, columns = ceil(len(drawn.histograms) / COLUMNS), min(COLUMNS, len(drawn.histograms))
    made = figure(2.2 * columns + 0.6, 1.7 * rows + 0.7, drawn.title)
    panels = made.subplots(rows, columns, squeeze=False).ravel()
    for axes, each in zip(panels, drawn.histograms, strict=False):
        axes.stairs(each.counts, each.edges, fill=True, color=VALIDATION)
        axes.set_title(each.name, loc="left", fontsize=9, color=INK)
        axes.set_yticks([])
        axes.locator_params(axis="x", nbins=3)
        soften(axes)
    for axes in panels[len(drawn.histograms) :]:
        axes.set_visible(False)
    return made
