"""The images a network is most confidently wrong about: often the labels are, or the data is."""

from matplotlib.figure import Figure

from cvtool.records import Findings
from cvtool.render.plots.style import BEST, INK, figure, show_image

MOST = 25
TITLE = "Most confident mistakes: what was seen, and what it is"


def draw_mistakes(findings: Findings) -> Figure | None:
    """Draw the most confident mistakes: image, predicted class, probability, true class."""
    shown = findings.mistakes[:MOST]
    if not shown:
        return None
    columns = 5
    rows = -(-len(shown) // columns)
    grid = figure(1.7 * columns, 2.05 * rows + 0.5, TITLE)
    axes = grid.subplots(rows, columns, squeeze=False).ravel()
    for place, mistake in zip(axes, shown, strict=False):
        show_image(place, mistake.image)
        seen = f"{mistake.predicted} · {mistake.probability:.0%}"
        place.set_title(seen, fontsize=9, color=BEST, pad=4)
        place.set_xlabel(f"is {mistake.label}", fontsize=9, color=INK, labelpad=3)
    for place in axes[len(shown) :]:
        place.set_axis_off()
    return grid
