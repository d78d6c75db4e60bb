"""Products whose left side is read row by row where it lies: convolutions, layers' outputs.

A unit of work is one group of images (or of rows of a matrix) against one panel of columns. Every
number of the result is summed by one thread in one order, whatever the number of threads.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.memory import Array, address, numbers_at, steps
from cvtool.kernels.processor import TILE
from cvtool.kernels.tile import masked_rows_tile, narrow_rows_tile, rows_tile
from cvtool.kernels.windows import group_size, groups, offset_table

_ROWS, _VECTORS = TILE.rows, TILE.vectors


class Left(NamedTuple):
    """A: its address, distance from one group of rows to the next, and along the outer sum."""

    place: int
    group: int
    outer: int


class Right(NamedTuple):
    """B, in whole panels: its address, distances along the inner and the outer sum."""

    place: int
    inner: int
    outer: int


class Target(NamedTuple):
    """What is written, or the mask it is written through: address, distance between groups."""

    place: int
    group: int


class Counts(NamedTuple):
    """How much there is of everything; ``width`` is that of a panel, ``size`` bytes a number."""

    groups: int
    columns: int
    inner: int
    outer: int
    width: int
    size: int


NOWHERE = Target(0, 0)
"""The mask of a product that has none."""


@helper
def _copy(low, scratch, count, width, place, offsets, size):
    """Copy the first ``count`` columns of a tile to the rows it stands for."""
    for m in range(_ROWS):
        row = numbers_at(place + size * offsets[m], low, count)
        for column in range(count):
            row[column] = scratch[m * width + column]


@helper
def _clear_masked(low, scratch, count, width, place, offsets, size):
    """Clear the numbers of a tile whose mask is not positive."""
    for m in range(_ROWS):
        row = numbers_at(place + size * offsets[m], low, count)
        for column in range(count):
            if not row[column] > 0:
                scratch[m * width + column] = 0


@kernel
def _multiply_rows(
    low, start, left, left_offsets, right, target, target_offsets, mask, mask_offsets, counts
):
    """Compute ``max(low, start + A·B)``, or ``A·B`` where a mask is positive and 0 elsewhere."""
    size, width = counts.size, counts.width
    lanes = width // _VECTORS
    panels = (counts.columns + width - 1) // width
    for unit in prange(counts.groups * panels):
        group = unit // panels
        first = unit % panels * width
        count = min(width, counts.columns - first)
        bias = start[first:].ctypes.data
        a = left.place + size * group * left.group
        b = right.place + size * first
        place = target.place + size * (group * target.group + first)
        gate = mask.place + size * (group * mask.group + first)
        is_masked = count == width and mask.place != 0
        # Columns that do not fill a tile are computed beside, and the real ones copied.
        is_whole = count == width or (count == lanes and mask.place == 0)
        scratch = np.empty(_ROWS * width, start.dtype)
        scratch_offsets = np.empty(_ROWS, np.int64)
        for m in range(_ROWS):
            scratch_offsets[m] = m * width
        out = place if is_whole else scratch.ctypes.data
        for tile in range(0, left_offsets.size, _ROWS):
            rows = left_offsets[tile:].ctypes.data
            places, gates = target_offsets[tile:], mask_offsets[tile:]
            offsets = places.ctypes.data if is_whole else scratch_offsets.ctypes.data
            if is_masked:
                masked_rows_tile(
                    low, gate, gates.ctypes.data, a, rows, left.outer, b, right.inner,
                    right.outer, counts.inner, counts.outer, out, offsets,
                )  # fmt: skip
            elif count > lanes:
                rows_tile(
                    low, bias, a, rows, left.outer, b, right.inner, right.outer,
                    counts.inner, counts.outer, out, offsets,
                )  # fmt: skip
            else:
                narrow_rows_tile(
                    low, bias, a, rows, left.outer, b, right.inner, right.outer,
                    counts.inner, counts.outer, out, offsets,
                )  # fmt: skip
            if not is_whole:
                if mask.place != 0:
                    _clear_masked(low, scratch, count, width, gate, gates, size)
                _copy(low, scratch, count, width, place, places, size)


def slide(
    whole: Array,
    window: tuple[int, int],
    stride: int,
    panels: Array,
    out: Array,
    *,
    start: Array,
    low: float = -np.inf,
    mask: Array | None = None,
) -> None:
    """Multiply the windows of images by panels, ``max(low, start + window · panel)``.

    Parameters
    ----------
    whole
        ``(n, rows, columns, numbers)`` that windows never leave, last axis contiguous.
    window
        Rows of a window, and contiguous numbers in each.
    stride
        Pixels from one place of the window to the next.
    panels
        ``(rows · numbers, columns′)`` as ``whole_panels`` makes them.
    out
        ``(n, height₂, width₂, columns)``, last axis contiguous.
    start, low
        ``(columns′,)`` to begin every sum with, and the least result.
    mask
        Where given, results are ``window · panel`` where it is positive, zero elsewhere.

    Raises
    ------
    TypeError, ValueError
        If types, shapes or the layout of memory do not fit: addresses would be misread.
    """
    _check(window, panels, [each for each in (whole, out, mask) if each is not None])
    image, row, pixel, _ = steps(whole)
    count, out_height, out_width, columns = out.shape
    out_image, out_row, out_pixel, _ = steps(out)
    for first, units, size in groups(count, group_size(count, out_height * out_width)):
        pixels = (size, out_height, out_width)
        places = offset_table(pixels, (out_image, out_row, out_pixel))
        gate, gates = NOWHERE, places
        if mask is not None:
            mask_image, mask_row, mask_pixel, _ = steps(mask)
            gate = Target(address(mask[first:]), size * mask_image)
            gates = offset_table(pixels, (mask_image, mask_row, mask_pixel))
        _multiply_rows(
            out.dtype.type(low),
            start,
            Left(address(whole[first:]), size * image, row),
            offset_table(pixels, (image, stride * row, stride * pixel)),
            Right(address(panels), panels.shape[1], window[1] * panels.shape[1]),
            Target(address(out[first:]), size * out_image),
            places,
            gate,
            gates,
            Counts(units, columns, window[1], window[0], TILE.columns(out.dtype), out.itemsize),
        )


def _check(window: tuple[int, int], panels: Array, arrays: list[Array]) -> None:
    types = {each.dtype for each in (panels, *arrays)}
    if len(types) > 1:
        names = " and ".join(sorted(map(str, types)))
        raise TypeError(f"a product needs numbers of one type, not {names}")
    if any(each.strides[-1] != each.itemsize and each.shape[-1] > 1 for each in arrays):
        raise ValueError("a product needs the numbers of a row side by side")
    if len(panels) != window[0] * window[1]:
        raise ValueError(f"windows of {window[0]}×{window[1]} do not fit {len(panels)} rows")
