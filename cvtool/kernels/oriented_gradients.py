"""Histograms of oriented gradients (notes §3.4).

Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005: the gradient of
every pixel votes, by its magnitude, for its orientation in the histogram of its cell; cells are
then normalized within overlapping blocks.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.rows import target_rows

NORMS: Mapping[str, int] = {"none": 0, "l1": 1, "l1-sqrt": 2, "l2": 3, "l2-hys": 4}
"""How a block is normalized; ``l2-hys`` cuts at 0.2 what L2 leaves, and divides once more."""

_L1, _L1_SQRT, _L2, _L2_HYS = NORMS["l1"], NORMS["l1-sqrt"], NORMS["l2"], NORMS["l2-hys"]
_LIMIT = np.float32(0.2)
_EPSILON = np.float32(1e-5)

_HALF, _QUARTER, _EIGHTH = np.float32(1 / 2), np.float32(1 / 4), np.float32(1 / 8)
_TANGENT = np.float32(math.sqrt(2) - 1)  # of 1/16 of a turn
_PER_TURN = np.float32(1 / (2 * math.pi))
# atan x = x + x³ · polynomial of x², to the last bit of float32 for |x| ≤ tan(π/8) (Cephes).
_ATAN = tuple(
    np.float32(each)
    for each in (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1)
)


class Cells(NamedTuple):
    """How gradients become histograms.

    ``rows`` and ``columns`` of cells of ``side`` pixels, each with so many ``orientations`` over
    half a turn, or twice as many over a whole one if ``signed``. ``interpolate`` shares votes
    between neighboring orientations and ``spread`` between neighboring cells. A difference across
    the border of the image, of one pixel and its only neighbor, is multiplied by ``edge``.
    """

    rows: int
    columns: int
    side: int
    orientations: int
    signed: bool
    interpolate: bool
    spread: bool
    edge: float


def oriented_gradients(
    levels: NDArray[np.float32], cells: Cells, *, block: int, norm: str, out: NDArray[np.float32]
) -> None:
    """Write the histograms of all blocks, from top left to bottom right.

    Parameters
    ----------
    levels
        ``(n, height, width, channels)`` gray levels. Of the channels at a pixel the one with the
        largest gradient counts.
    cells
        At least ``block`` rows and columns of them, within the image.
    block
        Cells along a side of a block; blocks are one cell apart.
    norm
        Of ``NORMS``.
    out
        ``(n, blocks down · blocks across · block² · bins)``, rows contiguous.

    Raises
    ------
    ValueError
        If shapes do not fit, or rows are not in one piece.
    """
    rows, columns = cells.rows - block + 1, cells.columns - block + 1
    bins = cells.orientations * (2 if cells.signed else 1)
    count, height, width, _ = levels.shape
    if min(rows, columns) < 1 or max(cells.rows / height, cells.columns / width) * cells.side > 1:
        raise ValueError(f"{cells} in blocks of {block} do not fit images of {height}×{width}")
    if out.shape != (count, rows * columns * block**2 * bins):
        raise ValueError(f"{rows}×{columns} blocks of {block}×{block}×{bins} are not {out.shape}")
    numbers, (_, step) = target_rows(out)
    down = _neighbors(cells.rows, cells.side, cells.spread)
    across = _neighbors(cells.columns, cells.side, cells.spread)
    _describe(
        np.ascontiguousarray(levels), cells, *down, *across, block, NORMS[norm], numbers, step,
        out.shape[1],
    )  # fmt: skip


def _neighbors(cells: int, side: int, spread: bool) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Return for every pixel along an axis two cells, ``(pixels, 2)``, and the second one's share.

    Votes of pixels beyond the middle of the first or last cell belong to it alone, so that none is
    lost.
    """
    place = (np.arange(cells * side) + 0.5) / side
    if not spread:
        return np.stack([place.astype(np.int64)] * 2, axis=1), np.zeros(len(place), np.float32)
    low = np.floor(place - 0.5)
    both = np.stack([low, low + 1], axis=1).clip(0, cells - 1).astype(np.int64)
    return both, (place - 0.5 - low).astype(np.float32)


@kernel
def _describe(
    levels, cells, down, down_shares, across, across_shares, block, norm, out, step, size
):
    zero = np.float32(0)
    bins = cells.orientations * (2 if cells.signed else 1)
    for image in prange(len(levels)):
        histograms = np.zeros((cells.rows, cells.columns, bins), np.float32)
        row = np.empty((cells.columns, bins), np.float32)
        magnitudes = np.empty(len(across), np.float32)
        places = np.empty(len(across), np.float32)
        for y in range(len(down)):
            _look(levels[image], y, cells, magnitudes, places)
            row[:] = zero
            _vote(magnitudes, places, cells.interpolate, across, across_shares, row)
            for x in range(cells.columns):
                for b in range(bins):
                    second = row[x, b] * down_shares[y]
                    histograms[down[y, 0], x, b] += row[x, b] - second
                    histograms[down[y, 1], x, b] += second
        area = np.float32(1) / np.float32(cells.side * cells.side)
        for y in range(cells.rows):
            for x in range(cells.columns):
                for b in range(bins):
                    histograms[y, x, b] *= area
        _write_blocks(histograms, block, norm, out[image * step : image * step + size])


@helper
def _look(image, y, cells, magnitudes, places):
    """Write magnitude and orientation of the gradients of one row of pixels.

    Orientations count bins: from 0 up to, and perhaps including, their number.
    """
    height, width, channels = image.shape
    per_turn = np.float32(2 * cells.orientations)
    edge = np.float32(cells.edge)
    above, below = image[max(y - 1, 0)], image[min(y + 1, height - 1)]
    factor_y = np.float32(1) if 0 < y < height - 1 else edge
    for x in range(magnitudes.size):
        left, right = max(x - 1, 0), min(x + 1, width - 1)
        factor_x = np.float32(1) if 0 < x < width - 1 else edge
        dx, dy, most = np.float32(0), np.float32(0), np.float32(-1)
        for channel in range(channels):
            across = factor_x * (image[y, right, channel] - image[y, left, channel])
            down = factor_y * (below[x, channel] - above[x, channel])
            square = across * across + down * down
            if square > most:
                dx, dy, most = across, down, square
        magnitudes[x] = np.sqrt(most)
        turn = _turn(dx, dy)
        if not cells.signed and turn >= _HALF:
            turn -= _HALF
        places[x] = turn * per_turn


@helper
def _turn(dx, dy):
    """Return the angle of a gradient, in turns from 0 to 1; 0 where there is no gradient.

    Multiples of an eighth are exact.
    """
    wide, high = abs(dx), abs(dy)
    small, large = min(wide, high), max(wide, high)
    if large == 0:
        return np.float32(0)
    tangent = small / large
    turn = np.float32(0)
    if tangent > _TANGENT:
        tangent = (tangent - np.float32(1)) / (tangent + np.float32(1))
        turn = _EIGHTH
    square = tangent * tangent
    series = ((_ATAN[0] * square + _ATAN[1]) * square + _ATAN[2]) * square + _ATAN[3]
    turn += (tangent + tangent * square * series) * _PER_TURN
    if high > wide:
        turn = _QUARTER - turn
    if dx < 0:
        turn = _HALF - turn
    if dy < 0:
        turn = np.float32(1) - turn
    return turn


@helper
def _vote(magnitudes, places, interpolate, across, across_shares, row):
    """Add the votes of a row of pixels to ``row``, the histograms of a row of cells."""
    bins = row.shape[1]
    for x in range(magnitudes.size):
        place = places[x]
        share = np.float32(0)
        if interpolate:
            place += np.float32(bins) - _HALF  # bins reach from one half below their middle
            share = place - np.floor(place)
        first = int(place) % bins
        second = first + 1 if first + 1 < bins else 0
        beside = magnitudes[x] * across_shares[x]
        near, far = row[across[x, 0]], row[across[x, 1]]
        here = magnitudes[x] - beside
        near[first] += here - here * share
        near[second] += here * share
        far[first] += beside - beside * share
        far[second] += beside * share


@helper
def _write_blocks(histograms, block, norm, out):
    rows, columns, bins = histograms.shape
    size = block * block * bins
    at = 0
    for top in range(rows - block + 1):
        for left in range(columns - block + 1):
            numbers = out[at : at + size]
            at += size
            i = 0
            for y in range(top, top + block):
                for x in range(left, left + block):
                    for b in range(bins):
                        numbers[i] = histograms[y, x, b]
                        i += 1
            _normalize(numbers, norm)


@helper
def _normalize(numbers, norm):
    """Divide a block by its norm; one without any gradient stays zero."""
    if norm in (_L1, _L1_SQRT):
        total = _EPSILON
        for number in numbers:
            total += number
        for i in range(numbers.size):
            numbers[i] /= total
            if norm == _L1_SQRT:
                numbers[i] = np.sqrt(numbers[i])
    elif norm in (_L2, _L2_HYS):
        _divide_by_length(numbers)
        if norm == _L2_HYS:
            for i in range(numbers.size):
                numbers[i] = min(numbers[i], _LIMIT)
            _divide_by_length(numbers)


@helper
def _divide_by_length(numbers):
    total = _EPSILON * _EPSILON
    for number in numbers:
        total += number * number
    length = np.sqrt(total)
    for i in range(numbers.size):
        numbers[i] /= length
