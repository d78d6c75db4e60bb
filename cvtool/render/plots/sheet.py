"""A sheet that pictures are stuck on: one axes over a whole figure, in inches from its top left.

An axes for every picture would look the same, and take a minute to lay out hundreds of them.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from cvtool.render.plots.style import HEADING, INK, PALE

TOP = 0.4
"""Inches that the title takes, with the room below it."""

EDGE = 0.1
"""Inches between what lies on a sheet and its left, right and lower edge."""

_TITLE_LETTER = 0.1
_ABOVE, _BELOW = 0.045, 0.05
_UNIT = 72
"""Points an inch."""


@dataclass(frozen=True)
class Box:
    """A part of a sheet, in inches; ``top`` counts from the upper edge of the sheet downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle, x before y."""
        return self.left + self.width / 2, self.top + self.height / 2


def sheet(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    """Make a sheet of at least so many inches, wide enough for its title."""
    width = max(width, _TITLE_LETTER * len(title) + 2 * EDGE)
    made = Figure(figsize=(width, height))
    made.suptitle(title, x=EDGE / width, y=1 - EDGE / height, va="top", **HEADING)
    axes = made.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return made, axes


def stick(axes: Axes, image: NDArray[Any], box: Box) -> Box:
    """Show an image in the middle of a box, pixel by pixel and as large as fits, in a pale frame.

    Parameters
    ----------
    axes
        The sheet.
    image
        ``(height, width, 1 or 3)``, bytes.
    box
        Where there is room.

    Returns
    -------
    Box
        What the image takes of it.
    """
    rows, columns = image.shape[:2]
    inches = min(box.width / columns, box.height / rows)
    (x, y), width, height = box.center, columns * inches, rows * inches
    left, top = x - width / 2, y - height / 2
    axes.imshow(
        np.broadcast_to(image, (rows, columns, 3)),
        interpolation="nearest",
        aspect="auto",
        extent=(left, left + width, top + height, top),
    )
    axes.add_artist(Rectangle((left, top), width, height, fill=False, ec=PALE, lw=0.8))
    return Box(left, top, width, height)


def write_above(axes: Axes, box: Box, words: str, *, size: int, color: str = INK) -> None:
    """Write a line of words above a box, and centered over it."""
    _write(axes, (box.center[0], box.top - _ABOVE), words, size=size, color=color, va="baseline")


def write_below(axes: Axes, box: Box, words: str, *, size: int) -> None:
    """Write a line of words below a box, and centered under it."""
    baseline = box.top + box.height + _BELOW + 0.76 * size / _UNIT
    _write(axes, (box.center[0], baseline), words, size=size, color=INK, va="baseline")


def write_beside(axes: Axes, box: Box, words: str, *, size: int) -> None:
    """Write a line of words at the left of a box."""
    place = (box.left - 6 / _UNIT, box.center[1])
    _write(axes, place, words, size=size, color=INK, va="center", ha="right")


def _write(
    axes: Axes,
    place: tuple[float, float],
    words: str,
    *,
    size: int,
    color: str,
    va: Literal["baseline", "center"],
    ha: Literal["center", "right"] = "center",
) -> None:
    """Write words as they are: a class may be named ``$1``, which is no formula."""
    if words:
        axes.text(*place, words, fontsize=size, color=color, va=va, ha=ha, parse_math=False)


def shorten(words: str, longest: int) -> str:
    """Show the end of words that are too long: it tells files apart."""
    return words if len(words) <= longest else f"…{words[1 - longest :]}"
