"""Histograms of colors (notes §3.4): which share of an image, or of each of its cells, has which.

Colors are told apart by all channels together, or by their hue alone. Pixels vote for their hue by
their chroma, which is saturation times value: gray ones, which have no hue, have no vote.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.rows import target_rows


def color_histograms(
    levels: NDArray[np.float32], *, hue: bool, bins: int, cells: int, out: NDArray[np.float32]
) -> None:
    """Write relative frequencies of colors; they add up to 1 in every cell.

    Parameters
    ----------
    levels
        ``(n, height, width, channels)`` from 0 to 255; three channels if it goes by ``hue``.
    hue
        Whether to tell colors by hue; a cell without any color is then all zeros.
    bins
        Along each channel, or around the circle of hues.
    cells
        How many along each side of an image, cut as evenly as can be.
    out
        ``(n, cells² · bins ** channels)``, or ``· bins`` for hues; rows contiguous.

    Raises
    ------
    ValueError
        If shapes do not fit, or rows are not in one piece.
    """
    count, height, width, channels = levels.shape
    size = cells**2 * (bins if hue else bins**channels)
    if out.shape != (count, size) or not 1 <= cells <= min(height, width):
        raise ValueError(f"{cells}×{cells} histograms of {levels.shape} do not make {out.shape}")
    if hue and channels != 3:
        raise ValueError(f"hues are of three channels, not {channels}")
    numbers, (_, step) = target_rows(out)
    down, across = _cells(height, cells), _cells(width, cells)
    _count(np.ascontiguousarray(levels), hue, bins, down, across, cells, numbers, step, size)


def _cells(size: int, cells: int) -> NDArray[Any]:
    return np.arange(size) * cells // size


@kernel
def _count(levels, hue, bins, down, across, cells, out, step, size):
    for image in prange(len(levels)):
        histograms = out[image * step : image * step + size].reshape(cells * cells, -1)
        histograms[:] = np.float32(0)
        for y in range(down.size):
            for x in range(across.size):
                pixel = levels[image, y, x]
                histogram = histograms[down[y] * cells + across[x]]
                if hue:
                    hue_of_pixel, chroma = _hue(pixel)
                    place = hue_of_pixel * np.float32(bins)
                    histogram[int(place) if place < bins else 0] += chroma
                else:
                    histogram[_color(pixel, bins)] += np.float32(1)
        for cell in range(cells * cells):
            _make_relative(histograms[cell])


@helper
def _color(pixel, bins):
    """Return the number of a pixel's color: all channels, of which the last counts fastest."""
    number = 0
    last = np.float32(bins - 1)
    for level in pixel:
        place = level * np.float32(bins) / np.float32(256)
        place = place if place > 0 else np.float32(0)  # also where it is no number
        number = number * bins + int(place if place < last else last)
    return number


@helper
def _hue(pixel):
    """Return hue, from 0 (red) over green and blue to 1 (red again), and chroma."""
    red, green, blue = pixel[0], pixel[1], pixel[2]
    value = max(red, green, blue)
    chroma = value - min(red, green, blue)
    if chroma == 0:
        return np.float32(0), chroma
    if value == red:
        sixths = (green - blue) / chroma
        if sixths < 0:
            sixths += np.float32(6)
    elif value == green:
        sixths = np.float32(2) + (blue - red) / chroma
    else:
        sixths = np.float32(4) + (red - green) / chroma
    return sixths / np.float32(6), chroma


@helper
def _make_relative(histogram):
    total = np.float32(0)
    for number in histogram:
        total += number
    if total > 0:
        for i in range(histogram.size):
            histogram[i] /= total
