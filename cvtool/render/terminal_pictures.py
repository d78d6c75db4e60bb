"""Pictures in a terminal: each character is two pixels, one in its foreground, one below it.

The upper half block ``▀`` shows the upper pixel; what is behind it, the lower one.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Group, RenderableType
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text

from cvtool.records import Drawn, Gallery, Picture, Points, Regions
from cvtool.render.plots.style import class_color, tint

THUMBNAIL = 16
"""Pixels a side at most; larger images are averaged down."""

PLANE = (64, 48)
"""Dots across and down that show points in the plane, two of them in each character."""


def terminal_picture(picture: Drawn, width: int) -> RenderableType | None:
    """Lay out a picture for a terminal so many characters wide; None for charts."""
    lay_out = LAYOUTS.get(type(picture))
    if lay_out is None:
        return None
    return Group(Text(f"\n{picture.title}", style="bold"), *lay_out(picture, width))


def _points(picture: Points, _: int) -> list[RenderableType]:
    low, high = picture.points.min(axis=0), picture.points.max(axis=0)
    dots = np.full((PLANE[1], PLANE[0], 3), -1, np.int16)
    _mark(dots, picture, low, high)
    return [_legend(picture.classes), _blocks(dots)]


def _regions(picture: Regions, _: int) -> list[RenderableType]:
    """Show one panel below the other, each cell of the plane as the class in its middle."""
    (left, right), (low, high) = picture.x, picture.y
    tints = _bytes([tint(class_color(number)) for number in range(len(picture.classes))])
    shown: list[RenderableType] = [_legend(picture.classes)]
    for panel in picture.panels:
        across, down = (
            ((2 * np.arange(dots) + 1) * cells // (2 * dots))
            for dots, cells in zip(PLANE, panel.winners.shape[::-1], strict=True)
        )
        dots = tints[panel.winners[down[::-1, None], across]]
        _mark(dots, picture, np.array([left, low]), np.array([right, high]))
        shown += [Text(panel.title, style="dim"), _blocks(dots)]
    return shown


def _gallery(picture: Gallery, width: int) -> list[RenderableType]:
    return [line for name, row in picture.rows if row for line in _row(name, row, width)]


def _row(name: str, row: tuple[Picture, ...], width: int) -> list[RenderableType]:
    """Show as many pictures of a row as fit, with their words above them."""
    thumbnails = [_shrink(picture.image) for picture in row]
    across = thumbnails[0].shape[1] + 1
    shown = list(islice(zip(row, thumbnails, strict=True), max(1, (width - 1) // across)))
    gap = np.full((thumbnails[0].shape[0], 1, 3), -1, np.int16)
    strip = np.concatenate([each for _, thumb in shown for each in (thumb, gap)], axis=1)
    lines: list[RenderableType] = [Text(name, style="dim")] if name else []
    if any(picture.above for picture, _ in shown):
        words = (picture.above[: across - 1].ljust(across) for picture, _ in shown)
        lines.append(Text("".join(words), style="dim", no_wrap=True, overflow="crop"))
    return [*lines, _blocks(strip)]


def _shrink(image: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Average an image down to a thumbnail, in color."""
    step = -(-max(image.shape[:2]) // THUMBNAIL)
    height, width = (max(1, side // step) for side in image.shape[:2])
    cut = image[: height * step, : width * step].astype(np.float64)
    cut = cut.reshape(height, -1, width, cut.shape[1] // width, image.shape[2])
    small = cut.mean(axis=(1, 3)).round().astype(np.int16)
    return np.broadcast_to(small, (height, width, 3)) if image.shape[2] == 1 else small


def _blocks(pixels: NDArray[np.int16]) -> Segments:
    """Write pixels ``(height, width, 3)`` as half blocks; negative ones are left empty."""
    if len(pixels) % 2:
        pixels = np.concatenate([pixels, np.full_like(pixels[:1], -1)])
    segments = []
    for upper, lower in zip(pixels[::2], pixels[1::2], strict=True):
        segments += [_block(top, bottom) for top, bottom in zip(upper, lower, strict=True)]
        segments.append(Segment.line())
    return Segments(segments)


def _block(top: NDArray[np.int16], bottom: NDArray[np.int16]) -> Segment:
    above, below = _color(top), _color(bottom)
    if above is None:
        return Segment(" ") if below is None else Segment("▄", Style(color=below))
    return Segment("▀", Style(color=above, bgcolor=below))


def _color(pixel: NDArray[np.int16]) -> Color | None:
    return None if pixel[0] < 0 else Color.from_rgb(*map(int, pixel))


def _mark(
    dots: NDArray[np.int16],
    picture: Points | Regions,
    low: NDArray[np.floating[Any]],
    high: NDArray[np.floating[Any]],
) -> None:
    """Mark points between two corners on dots ``(down, across, 3)``; up is up."""
    down, across, _ = dots.shape
    places = (picture.points - low) / np.maximum(high - low, 1e-12) * (across - 1, down - 1)
    x, y = places.round().astype(int).T
    dots[down - 1 - y, x] = _class_colors(picture.classes)[picture.labels]


def _legend(classes: tuple[str, ...]) -> Text:
    legend = Text()
    for name, color in zip(classes, _class_colors(classes), strict=True):
        legend.append(f"■ {name}  ", Style(color=_color(color)))
    return legend


def _class_colors(classes: tuple[str, ...]) -> NDArray[np.int16]:
    return _bytes([to_rgb(class_color(number)) for number in range(len(classes))])


def _bytes(colors: list[tuple[float, float, float]]) -> NDArray[np.int16]:
    return (np.array(colors) * 255).round().astype(np.int16)


LAYOUTS: dict[type[Drawn], Callable[[Any, int], list[RenderableType]]] = {
    Gallery: _gallery,
    Points: _points,
    Regions: _regions,
}
