"""Images beside each other, row by row, with their words."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cvtool.records import Gallery, Picture
from cvtool.render.plots.sheet import (
    EDGE,
    TOP,
    Box,
    sheet,
    shorten,
    stick,
    write_above,
    write_below,
    write_beside,
)

TILE = 1.0
"""Inches a picture is wide."""

LETTER = 0.07
"""Inches a letter of the words around pictures takes."""

LINE = 0.16
"""Inches a line of words above or below a picture takes."""

GAP = 0.08
"""Inches between rows."""

LONGEST = 28
"""Letters of a line; of longer ones the end is shown."""


TALLEST = 12.0
"""Inches of height above which rows go on beside each other, so that a sheet fits a screen."""

Row = tuple[str, tuple[Picture, ...]]


def draw_gallery(gallery: Gallery) -> Figure | None:
    """Draw the rows of a gallery; one without pictures is not drawn.

    Many rows, each with a name of its own, are laid out as columns of a newspaper are.
    """
    rows = [(name, pictures) for name, pictures in gallery.rows if pictures]
    if not rows:
        return None
    column = _width(gallery)
    margin = 2 * EDGE + LETTER * max(len(name) for name, _ in rows)
    width = margin + column * max(len(pictures) for _, pictures in rows)
    blocks = _blocks(rows, width)
    height = TOP + max(map(_height_of, blocks))
    drawn, axes = sheet(width * len(blocks) + EDGE, height, gallery.title)
    for number, block in enumerate(blocks):
        top = TOP
        for name, pictures in block:
            first = Box(number * width + margin, top, column, _height(pictures))
            _draw_row(axes, first, name, pictures)
            top += _height(pictures)
    return drawn


def _blocks(rows: list[Row], width: float) -> list[list[Row]]:
    """Divide rows that stand for themselves into blocks, until a sheet is wider than tall."""
    height, count = _height_of(rows), 1
    if height > TALLEST and len({name for name, _ in rows}) == len(rows):
        while height / count > width * count:
            count += 1
    length = -(-len(rows) // count)
    return [rows[start : start + length] for start in range(0, len(rows), length)]


def _height_of(rows: list[Row]) -> float:
    return sum(_height(pictures) for _, pictures in rows)


def _width(gallery: Gallery) -> float:
    """Give a column room for its pictures, and for the longest line of words around them."""
    lines = [line for _, row in gallery.rows for picture in row for line in _lines(picture)]
    return max(TILE + 0.1, 0.1 + LETTER * max(map(len, lines), default=0))


def _lines(picture: Picture) -> Iterator[str]:
    yield from (shorten(line, LONGEST) for line in (picture.above, picture.below) if line)


def _height(pictures: tuple[Picture, ...]) -> float:
    return _room(pictures) + _above(pictures) + _below(pictures) + GAP


def _room(pictures: tuple[Picture, ...]) -> float:
    """Inches of height that a row gives its pictures: for very tall ones not all they ask for."""
    height, width = np.max([picture.image.shape[:2] for picture in pictures], axis=0)
    return float(TILE * min(2.0, max(0.5, height / width)))


def _above(pictures: tuple[Picture, ...]) -> float:
    return LINE if any(picture.above for picture in pictures) else 0.0


def _below(pictures: tuple[Picture, ...]) -> float:
    return LINE if any(picture.below for picture in pictures) else 0.0


def _draw_row(axes: Axes, first: Box, name: str, pictures: tuple[Picture, ...]) -> None:
    """Draw a row, given the box of its first column."""
    top, height = first.top + _above(pictures), _room(pictures)
    left = first.left + (first.width - TILE) / 2
    for number, picture in enumerate(pictures):
        place = Box(left + number * first.width, top, TILE, height)
        taken = stick(axes, picture.image, place)
        write_above(axes, taken, shorten(picture.above, LONGEST), size=8)
        write_below(axes, taken, shorten(picture.below, LONGEST), size=8)
    write_beside(axes, Box(left, top, TILE, height), name, size=9)
