"""Images beside each other, row by row, with their words."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cvtool.records import Gallery, Picture
from cvtool.render.plots.style import INK, figure, show_image

TILE = 1.0
"""Inches a picture is wide."""

LETTER = 0.07
"""Inches a letter of the words around pictures takes."""

LINE = 0.16
"""Inches a line of words above or below a picture takes."""

LONGEST = 28
"""Letters of a line; of longer ones the end is shown, which tells files apart."""


def draw_gallery(gallery: Gallery) -> Figure | None:
    """Draw the rows of a gallery; one without pictures is not drawn."""
    rows = [(name, pictures) for name, pictures in gallery.rows if pictures]
    if not rows:
        return None
    columns = max(len(pictures) for _, pictures in rows)
    margin = 0.3 + LETTER * max(len(name) for name, _ in rows)
    height = sum(_height(pictures) for _, pictures in rows) + 0.6
    drawn = figure(max(4.0, margin + columns * _width(gallery)), height, gallery.title)
    axes = drawn.subplots(len(rows), columns, squeeze=False)
    for places, (name, pictures) in zip(axes, rows, strict=True):
        _draw_row(list(places), name, pictures)
    return drawn


def _width(gallery: Gallery) -> float:
    """Give a column room for its pictures, and for the longest line of words around them."""
    lines = [line for _, row in gallery.rows for picture in row for line in _lines(picture)]
    return max(TILE + 0.1, 0.2 + LETTER * max(map(len, lines), default=0))


def _height(pictures: tuple[Picture, ...]) -> float:
    height, width = np.max([picture.image.shape[:2] for picture in pictures], axis=0)
    words = max(len(list(_lines(picture))) for picture in pictures)
    return float(TILE * min(2.0, max(0.5, height / width)) + LINE * words + 0.06)


def _lines(picture: Picture) -> Iterator[str]:
    yield from (_shorten(line) for line in (picture.above, picture.below) if line)


def _shorten(words: str) -> str:
    return words if len(words) <= LONGEST else f"…{words[1 - LONGEST :]}"


def _draw_row(places: list[Axes], name: str, pictures: tuple[Picture, ...]) -> None:
    for place, picture in zip(places, pictures, strict=False):
        show_image(place, picture.image)
        place.set_title(_shorten(picture.above), fontsize=8, color=INK, pad=3)
        place.set_xlabel(_shorten(picture.below), fontsize=8, color=INK, labelpad=3)
    for place in places[len(pictures) :]:
        place.set_axis_off()
    places[0].set_ylabel(
        name, rotation=0, fontsize=9, color=INK, labelpad=6, ha="right", va="center"
    )
