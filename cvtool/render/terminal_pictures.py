"""Pictures in a terminal: each character is two pixels, one in its foreground, one below it.

The upper half block ``▀`` shows the upper pixel; what is behind it, the lower one.
"""

from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Group, RenderableType
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text

from cvtool.records import Gallery, Picture, Points
from cvtool.render.plots.style import CLASS_COLORS

THUMBNAIL = 16
"""Pixels a side at most; larger images are averaged down."""

PLANE = (64, 48)
"""Dots across and down that show points in the plane, two of them in each character."""


def terminal_picture(picture: Gallery | Points, width: int) -> RenderableType:
    """Lay out a picture for a terminal so many characters wide."""
    title = Text(f"\n{picture.title}", style="bold")
    if isinstance(picture, Points):
        return Group(title, _legend(picture.classes), _blocks(_plane(picture)))
    parts: list[RenderableType] = [title]
    for name, row in picture.rows:
        if row:
            parts += _row(name, row, width)
    return Group(*parts)


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


def _plane(picture: Points) -> NDArray[np.int16]:
    """Mark the points on a grid, up is up."""
    across, down = PLANE
    grid = np.full((down, across, 3), -1, np.int16)
    low = picture.points.min(axis=0)
    span = np.maximum(picture.points.max(axis=0) - low, 1e-12)
    places = ((picture.points - low) / span * (across - 1, down - 1)).round().astype(int)
    colors = np.array([_rgb(number) for number in range(len(picture.classes))])
    grid[down - 1 - places[:, 1], places[:, 0]] = colors[picture.labels]
    return grid


def _legend(classes: tuple[str, ...]) -> Text:
    legend = Text()
    for number, name in enumerate(classes):
        legend.append(f"■ {name}  ", Style(color=Color.from_rgb(*_rgb(number))))
    return legend


def _rgb(number: int) -> tuple[int, int, int]:
    color = CLASS_COLORS[number % len(CLASS_COLORS)]
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
