"""First-layer filters as pictures (§6.5): smooth ones have learned, noisy ones have not yet."""

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cvtool.records import Findings
from cvtool.render.plots.style import TRAINING, figure

MOST = 128
GAP = 6
TILE = 0.6
"""Inches of one filter, with the gap to the next."""


def draw_filters(findings: Findings) -> Figure | None:
    """Draw each filter on its own scale: in color for three channels, else each channel in gray."""
    if findings.filters is None:
        return None
    height, width = findings.filters.shape[:2]
    tiles = filter_tiles(findings.filters)
    columns = 8 if len(tiles) <= 32 else 16
    rows = -(-len(tiles) // columns)
    grid = figure(
        TILE * columns + 0.3, TILE * rows * height / width + 0.6, filters_title(findings.filters)
    )
    axes = grid.subplots()
    axes.imshow(_mosaic(tiles, columns), interpolation="nearest")
    axes.set_axis_off()
    return grid


def filter_tiles(filters: NDArray[Any]) -> list[NDArray[Any]]:
    """Turn ``(height, width, in, out)`` into the first pictures ``(height, width, 3)``, 0 to 1."""
    return [_to_unit_range(tile) for tile in _pictures(filters)[:MOST]]


def filters_title(filters: NDArray[Any]) -> str:
    """Say how many filters there are, and of what."""
    height, width, channels, count = filters.shape
    of_channels = f" of {channels} channels" if channels not in (1, 3) else ""
    return f"{count} filters{of_channels} of the first convolution, {height}×{width}"


def _pictures(filters: NDArray[Any]) -> NDArray[Any]:
    """Turn ``(height, width, in, out)`` into pictures ``(count, height, width, 3)``."""
    if filters.shape[2] == 3:
        return filters.transpose(3, 0, 1, 2)
    height, width = filters.shape[:2]
    gray = filters.transpose(3, 2, 0, 1).reshape(-1, height, width, 1)
    return np.repeat(gray, 3, axis=3)


def _to_unit_range(tile: NDArray[Any]) -> NDArray[Any]:
    """Stretch a filter to 0 … 1; a constant one becomes middle gray."""
    low, high = float(tile.min()), float(tile.max())
    if not high > low:
        return np.full_like(tile, 0.5)
    stretched: NDArray[Any] = (tile - low) / (high - low)
    return stretched


def _mosaic(tiles: list[NDArray[Any]], columns: int) -> NDArray[Any]:
    """Set tiles side by side on a ground, each pixel enlarged so that the gaps can be thin."""
    height, width = tiles[0].shape[:2]
    zoom = max(1, 60 // width)
    down, right = height * zoom + GAP, width * zoom + GAP
    rows = -(-len(tiles) // columns)
    canvas = np.tile(to_rgb(TRAINING), (rows * down + GAP, columns * right + GAP, 1))
    for place, tile in enumerate(tiles):
        top, left = place // columns * down + GAP, place % columns * right + GAP
        enlarged = tile.repeat(zoom, axis=0).repeat(zoom, axis=1)
        canvas[top : top + height * zoom, left : left + width * zoom] = enlarged
    return canvas
