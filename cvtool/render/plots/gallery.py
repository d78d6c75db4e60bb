"""Images beside each other, row by row, with their words."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cvtool.records import Gallery, Picture
from cvtool.render.plots.style import INK, figure, show_image

TILE = 1.0
"""Inches a picture is wide."""

LETTER = 0.085
"""Inches a letter of a row's name takes."""


def draw_gallery(gallery: Gallery) -> Figure | None:
    """Draw the rows of a gallery; one without pictures is not drawn."""
    rows = [(name, pictures) for name, pictures in gallery.rows if pictures]
    if not rows:
        return None
    columns = max(len(pictures) for _, pictures in rows)
    all_pictures = [picture for _, pictures in rows for picture in pictures]
    height, width = np.max([picture.image.shape[:2] for picture in all_pictures], axis=0)
    lines = sum(_lines(picture.above) for _, row in rows for picture in row[:1])
    lines += sum(_lines(picture.below) for _, row in rows for picture in row[:1])
    margin = LETTER * max(len(name) for name, _ in rows)
    tall = TILE * min(2.0, max(0.5, height / width))
    drawn = figure(
        max(4.0, margin + TILE * columns + 0.3),
        tall * len(rows) + 0.16 * lines + 0.06 * len(rows) + 0.6,
        gallery.title,
    )
    axes = drawn.subplots(len(rows), columns, squeeze=False)
    for places, (name, pictures) in zip(axes, rows, strict=True):
        _draw_row(list(places), name, pictures)
    return drawn


def _lines(words: str) -> int:
    return words.count("\n") + 1 if words else 0


def _draw_row(places: list[Axes], name: str, pictures: tuple[Picture, ...]) -> None:
    for place, picture in zip(places, pictures, strict=False):
        show_image(place, picture.image)
        place.set_title(picture.above, fontsize=8, color=INK, pad=3)
        place.set_xlabel(picture.below, fontsize=8, color=INK, labelpad=3)
    for place in places[len(pictures) :]:
        place.set_axis_off()
    places[0].set_ylabel(
        name, rotation=0, fontsize=9, color=INK, labelpad=6, ha="right", va="center"
    )
