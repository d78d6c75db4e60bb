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
from cvtool.kernels.memory import fill
from cvtool.kernels.rows import target_rows

NORMS: Mapping[str, int] = {"none": 0, "l1": 1, "l1-sqrt": 2, "l2": 3, "l2-hys": 4}
"""How a block is normalized; ``l2-hys`` cuts at 0.2 what L2 leaves, and divides once more."""

_L1, _L1_SQRT, _L2_HYS = NORMS["l1"], NORMS["l1-sqrt"], NORMS["l2-hys"]
_LIMIT = np.float32(0.2)
_EPSILON = np.float32(1e-5)

_ONE, _HALF, _QUARTER, _EIGHTH = (np.float32(each) for each in (1, 1 / 2, 1 / 4, 1 / 8))
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
    between neighboring orientations and ``spread`` between neighboring cells.
    """

    rows: int
    columns: int
    side: int
    orientations: int
    signed: bool
    interpolate: bool
    spread: bool


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
    bins = cells.orientations * (2 if cells.signed else 1)
    count, height, width, channels = levels.shape
    for image in prange(count):
        histograms = np.zeros((cells.rows, cells.columns * bins), np.float32)
        votes = np.empty(cells.columns * bins, np.float32)
        planes = np.empty((channels, height, width), np.float32)
        gradients = np.empty((4, width), np.float32)
        _split(levels[image], planes)
        for y in range(len(down)):
            _look(planes, y, gradients)
            _orient(gradients, cells)
            fill(votes, np.float32(0))
            _vote(gradients, bins, cells.interpolate, across, across_shares, votes)
            near, far = histograms[down[y, 0]], histograms[down[y, 1]]
            for i in range(votes.size):
                beside = votes[i] * down_shares[y]
                near[i] += votes[i] - beside
                far[i] += beside
        _write_blocks(histograms, bins, block, norm, out[image * step : image * step + size])


@helper
def _split(image, planes):
    """Copy channels apart from each other, so that rows of each are in one piece."""
    height, width, channels = image.shape
    for channel in range(channels):
        for y in range(height):
            row = planes[channel, y]
            for x in range(width):
                row[x] = image[y, x, channel]


@helper
def _look(planes, y, gradients):
    """Write the gradients of a row of pixels: right, down, and the square of their length.

    That of the channel with the largest gradient counts, the first of several. Differences across
    the border of the image, which nobody knows, are zero.
    """
    channels, height, width = planes.shape
    factor = np.float32(1 if 0 < y < height - 1 else 0)
    right, down, squares = gradients[0], gradients[1], gradients[2]
    fill(squares, np.float32(-1))
    for channel in range(channels):
        plane = planes[channel]
        above, row, below = plane[max(y - 1, 0)], plane[y], plane[min(y + 1, height - 1)]
        ahead = gradients[3]
        ahead[0] = ahead[width - 1] = np.float32(0)
        inside, before, behind = ahead[1 : width - 1], row[: width - 2], row[2:]
        for x in range(inside.size):
            inside[x] = behind[x] - before[x]
        for x in range(width):
            step = factor * (below[x] - above[x])
            square = ahead[x] * ahead[x] + step * step
            larger = square > squares[x]
            right[x] = ahead[x] if larger else right[x]
            down[x] = step if larger else down[x]
            squares[x] = square if larger else squares[x]


@helper
def _orient(gradients, cells):
    """Replace gradients by their orientation and vote, in the first and the third row.

    A vote is the magnitude's share of the area of a cell, so that votes add up to a mean.
    Orientations count bins: from 0 up to, and perhaps including, their number. Multiples of an
    eighth of a turn are exact; that of no gradient at all is 0.
    """
    per_turn, area = np.float32(2 * cells.orientations), np.float32(cells.side * cells.side)
    wrap = _ONE if cells.signed else _HALF
    zero = np.float32(0)
    across, down, squares = gradients[0], gradients[1], gradients[2]
    for x in range(across.size):
        wide, high = abs(across[x]), abs(down[x])
        small, large = min(wide, high), max(wide, high)
        tangent = small / (large if large > zero else _ONE)
        steep = tangent > _TANGENT
        part = (tangent - _ONE if steep else tangent) / (tangent + _ONE if steep else _ONE)
        square = part * part
        series = ((_ATAN[0] * square + _ATAN[1]) * square + _ATAN[2]) * square + _ATAN[3]
        turn = (part + part * square * series) * _PER_TURN + (_EIGHTH if steep else zero)
        turn = _QUARTER - turn if high > wide else turn
        turn = _HALF - turn if across[x] < zero else turn
        turn = _ONE - turn if down[x] < zero else turn
        turn = turn - wrap if turn >= wrap else turn
        across[x] = turn * per_turn
        squares[x] = np.sqrt(squares[x]) / area


@helper
def _vote(gradients, bins, interpolate, across, across_shares, votes):
    """Add the votes of a row of pixels to ``votes``, the histograms of a row of cells."""
    zero = np.float32(0)
    places, sizes = gradients[0], gradients[2]
    for x in range(across_shares.size):
        place, share = places[x], zero
        if interpolate:  # bins reach half their width below and above their middle
            place = place - _HALF if place >= _HALF else place + (np.float32(bins) - _HALF)
            share = place - np.floor(place)
        first = int(place if place < bins else zero)  # all the way round, or no number at all
        second = first + 1 if first + 1 < bins else 0
        near, far = across[x, 0] * bins, across[x, 1] * bins
        beside = sizes[x] * across_shares[x]
        here = sizes[x] - beside
        votes[near + first] += here - here * share
        votes[near + second] += here * share
        votes[far + first] += beside - beside * share
        votes[far + second] += beside * share


@helper
def _write_blocks(histograms, bins, block, norm, out):
    rows, columns = len(histograms), histograms.shape[1] // bins
    run = block * bins
    at = 0
    for top in range(rows - block + 1):
        for left in range(columns - block + 1):
            numbers = out[at : at + block * run]
            at += numbers.size
            for y in range(block):
                row = histograms[top + y, left * bins : left * bins + run]
                for i in range(run):
                    numbers[y * run + i] = row[i]
            if norm > 0:
                _normalize(numbers, norm)


@helper
def _normalize(numbers, norm):
    """Divide a block by its norm; one without any gradient stays zero."""
    absolute = norm in (_L1, _L1_SQRT)
    for again in range(2 if norm == _L2_HYS else 1):
        total = _EPSILON if absolute else _EPSILON * _EPSILON
        for number in numbers:
            total += number if absolute else number * number
        length = total if absolute else np.sqrt(total)
        limit = _LIMIT if norm == _L2_HYS and again == 0 else _ONE
        for i in range(numbers.size):
            share = min(numbers[i] / length, limit)
            numbers[i] = np.sqrt(share) if norm == _L1_SQRT else share
