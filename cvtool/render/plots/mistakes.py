"""The images a network is most confidently wrong about: often the labels are, or the data is."""

from matplotlib.figure import Figure

from cvtool.records import Findings
from cvtool.render.plots.sheet import (
    EDGE,
    TOP,
    Box,
    sheet,
    shorten,
    stick,
    write_above,
    write_below,
)
from cvtool.render.plots.style import BEST

MOST = 25
COLUMNS = 5
TITLE = "Most confident mistakes: what was seen, and what it is"

ACROSS, DOWN = 1.7, 2.05
"""Inches from one picture to the next."""

TILE = 1.57
"""Inches of the square that a picture lies in."""

LINE = 0.19
"""Inches the line above a picture takes."""

LONGEST = 16
"""Letters of a class; of longer names the end is shown."""


def draw_mistakes(findings: Findings) -> Figure | None:
    """Draw the most confident mistakes: image, predicted class, probability, true class."""
    shown = findings.mistakes[:MOST]
    if not shown:
        return None
    rows = -(-len(shown) // COLUMNS)
    drawn, axes = sheet(ACROSS * COLUMNS + EDGE, TOP + DOWN * rows, TITLE)
    for number, mistake in enumerate(shown):
        row, column = divmod(number, COLUMNS)
        place = Box(EDGE + ACROSS * column, TOP + DOWN * row + LINE, TILE, TILE)
        taken = stick(axes, mistake.image, place)
        seen = f"{shorten(mistake.predicted, LONGEST)} · {mistake.probability:.0%}"
        write_above(axes, taken, seen, size=9, color=BEST)
        write_below(axes, taken, f"is {shorten(mistake.label, LONGEST)}", size=9)
    return drawn
