"""Convolution of channels-last images and its two gradients (§5.1), without an im2col matrix.

All three are products on the same register tile. With channels last, one row of a window is a
contiguous run of ``window width × channels`` numbers of the image, so the left side of the product
is read where it lies; see ``tile``. Windows may have any size and stride, and any padding.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numba import prange

from cvtool.kernels.column_products import Sweep, add_pieces, sum_outer_products
from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array, Bordered, pixels_of, whole_panels
from cvtool.kernels.processor import TILE
from cvtool.kernels.row_products import slide
from cvtool.kernels.windows import positions

# One band of image and gradient rows, which all rows of the window are multiplied with before the
# next: about what a first-level cache holds, and little against a second-level one.
_BAND_BYTES = 48 * 1024

# Pieces that weight gradients are summed in: enough for many threads, but of large filters fewer,
# because every piece is a copy of the filters. The number of threads has no say.
_PIECES = 16
_PARTIAL_NUMBERS = 1 << 20

# Channels of filters swapped at once, a cache line of each row.
_TURNED_AT_ONCE = 16


def convolve(
    images: Bordered,
    filters: Array,
    bias: Array | None = None,
    *,
    stride: int = 1,
    rectify: bool = False,
    out: Array | None = None,
) -> Array:
    """Slide every filter over every image: sums of products under the window, plus a bias.

    Parameters
    ----------
    images
        ``(n, height, width, channels)`` inside the border of zeros that is the padding.
    filters
        ``(window height, window width, channels, filters)``, of the images' type.
    bias
        ``(filters,)``, zero if left out.
    stride
        Pixels from one place of the window to the next.
    rectify
        Whether negative sums become zero (a ReLU for free).
    out
        Where to write: ``(n, height₂, width₂, filters)`` with contiguous channels.

    Returns
    -------
    ``(n, height₂, width₂, filters)``; for the sizes see ``windows.positions``.
    """
    count, high, wide, channels = images.whole.shape
    window_height, window_width, _, filter_count = filters.shape
    out_height = positions(high, window_height, stride, 0)
    out_width = positions(wide, window_width, stride, 0)
    if out is None:
        out = np.empty((count, out_height, out_width, filter_count), filters.dtype)
    if out.size == 0:
        return out
    panels = whole_panels(filters.reshape(-1, filter_count))
    start = np.zeros(panels.shape[1], filters.dtype)
    if bias is not None:
        start[:filter_count] = bias
    slide(
        images.whole,
        (window_height, window_width * channels),
        stride,
        panels,
        out,
        start=start,
        low=0.0 if rectify else -np.inf,
    )
    return out


@dataclass(frozen=True)
class _Phase:
    """Every ``stride``-th pixel along one axis: those that the same taps of a window reach.

    Their gradient is a convolution of stride 1: ``taps`` are the window's positions in the order in
    which they meet the gradient, ``start`` is where the first of them meets it for pixel ``first``.
    """

    first: int
    count: int
    taps: tuple[int, ...]
    start: int


@cache
def _phases(size: int, window: int, stride: int, padding: int) -> tuple[_Phase, ...]:
    found = []
    for first in range(min(stride, size)):
        place, phase = divmod(first + padding, stride)
        taps = tuple(reversed(range(phase, window, stride)))
        count = positions(size - first, 1, stride, 0)
        found.append(_Phase(first, count, taps, place - len(taps) + 1))
    return tuple(found)


@cache
def gradient_border(
    image: tuple[int, int], window: tuple[int, int], stride: int, padding: int
) -> int:
    """Width of the border of zeros that ``convolve_grad_images`` needs around the gradient."""
    border = 0
    for size, length in zip(image, window, strict=True):
        places = positions(size, length, stride, padding)
        for phase in _phases(size, length, stride, padding):
            last = phase.start + phase.count - 1 + len(phase.taps) - 1
            border = max(border, -phase.start, last - (places - 1))
    return border


def _turned(filters: Array, rows: tuple[int, ...], columns: tuple[int, ...]) -> Array:
    """Pick taps of the filters, in order, and swap in and out: panels of one row an output."""
    channels, filter_count = filters.shape[2:]
    width = TILE.columns(filters.dtype)
    full = -(-channels // width) * width
    panels = np.zeros((len(rows) * len(columns) * filter_count, full), filters.dtype)
    _turn(filters, np.array(rows), np.array(columns), panels)
    return panels


@kernel
def _turn(filters, rows, columns, panels):
    channels, filter_count = filters.shape[2:]
    for tap in prange(rows.size * columns.size):
        picked = filters[rows[tap // columns.size], columns[tap % columns.size]]
        out = panels[tap * filter_count : (tap + 1) * filter_count]
        for first in range(0, channels, _TURNED_AT_ONCE):
            last = min(first + _TURNED_AT_ONCE, channels)
            for index in range(filter_count):
                for channel in range(first, last):
                    out[index, channel] = picked[channel, index]


def convolve_grad_images(
    grads: Bordered,
    filters: Array,
    *,
    stride: int,
    padding: int,
    out: Array,
    mask: Array | None = None,
) -> Array:
    """Gradient of a convolution by its images: the gradient, convolved with turned filters.

    With a stride, each of the stride² sets of pixels that the same taps of the window reach is a
    convolution of its own, so nothing is multiplied by the zeros of a spread-out gradient.

    Parameters
    ----------
    grads
        Gradient of the outputs, ``(n, height₂, width₂, filters)`` inside a border of at least
        ``gradient_border``.
    filters
        ``(window height, window width, channels, filters)``.
    stride, padding
        Of the forward convolution.
    out
        Where to write: ``(n, height, width, channels)`` with contiguous channels.
    mask
        Where given, of the shape of ``out``: the gradient is zero where it is not positive (the
        gradient of a ReLU for free).

    Raises
    ------
    ValueError
        If the border is too narrow: what lies behind it would be read.
    """
    height, width = out.shape[1:3]
    window_height, window_width, _, filter_count = filters.shape
    if out.size == 0:
        return out
    b = grads.border
    needed = gradient_border((height, width), (window_height, window_width), stride, padding)
    if b < needed:
        raise ValueError(f"the gradient needs a border of {needed} zeros, not {b}")
    for tall, long in product(
        _phases(height, window_height, stride, padding),
        _phases(width, window_width, stride, padding),
    ):
        pixels = np.s_[:, tall.first :: stride, long.first :: stride]
        if not (tall.taps and long.taps):
            out[pixels] = 0
            continue
        panels = _turned(filters, tall.taps, long.taps)
        slide(
            grads.whole[:, b + tall.start :, b + long.start :],
            (len(tall.taps), len(long.taps) * filter_count),
            1,
            panels,
            out[pixels],
            start=np.zeros(panels.shape[1], out.dtype),
            mask=None if mask is None else mask[pixels],
        )
    return out


def convolve_grad_filters(
    images: Bordered, grads: Bordered, *, stride: int, out: Array, bias: Array | None = None
) -> Array:
    """Gradient of a convolution by its filters, and by its bias if ``bias`` is given to write to.

    Parameters
    ----------
    images
        What was convolved, with its border of padding.
    grads
        Gradient of the outputs, ``(n, height₂, width₂, filters)``; its border is not read.
    stride
        Of the forward convolution.
    out, bias
        Where to write: ``(window height, window width, channels, filters)`` and ``(filters,)``.

    Raises
    ------
    TypeError
        If types differ: numbers would be misread.
    """
    window_height, window_width, channels, filter_count = out.shape
    inside = grads.inside
    count, out_height, out_width, _ = inside.shape
    if images.whole.dtype != out.dtype or inside.dtype != out.dtype:
        raise TypeError(f"images, gradients and {out.dtype} filters need to be of one type")
    if inside.size == 0:
        out[...] = 0
        if bias is not None:
            bias[...] = 0
        return out
    sources, gradients = pixels_of(images.whole), pixels_of(inside)
    sweep = Sweep(
        images=count,
        pieces=max(1, min(count, _PIECES, _PARTIAL_NUMBERS // out.size)),
        rows=out_height,
        columns=out_width,
        band=max(1, _BAND_BYTES // ((stride * sources.row + gradients.row) * out.itemsize)),
        stride=stride,
    )
    width = TILE.columns(out.dtype)
    numbers = window_width * channels
    full = (-(-numbers // TILE.rows) * TILE.rows, -(-filter_count // width) * width)
    partial = np.empty((sweep.pieces, window_height, *full), out.dtype)
    sums = np.empty((sweep.pieces, filter_count), out.dtype)
    sum_outer_products(out.dtype.type(0), sources, gradients, sweep, width, partial, sums)
    add_pieces(partial, out.reshape(window_height, numbers, filter_count))
    if bias is not None:
        np.sum(sums, axis=0, out=bias)
    return out
