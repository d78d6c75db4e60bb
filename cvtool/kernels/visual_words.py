"""Visual words: how near every patch of an image is to each word of a vocabulary (notes §3.4).

Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning", AISTATS
2011. Patches are normalized for contrast and whitened, compared with all words, and what that gives
is added up over the cells of a grid.

Nearly all of the work is one product of patches and words. Normalization and whitening are folded
into the words beforehand, so that the register tile reads patches where they lie in the image, and
what it leaves is coded and added up while it is still in the cache.
"""

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.memory import fill
from cvtool.kernels.processor import TILE
from cvtool.kernels.products import multiply
from cvtool.kernels.rows import target_rows
from cvtool.kernels.tile import rows_tile
from cvtool.kernels.windows import positions

Floats = NDArray[np.float32]

CONTRAST = 10.0
"""Added to the variance of a patch in gray levels, lest faint noise be blown up."""

_ROWS, _WIDTH = TILE.rows, TILE.columns(np.float32)
_LOWEST = np.float32(-np.inf)  # keeps all products
_BAND = 8 * _ROWS  # patches whose products with all words stay in the second cache


class Vocabulary(NamedTuple):
    """Words, folded so that they can be compared with patches as they lie in the image.

    Parameters
    ----------
    panels
        ``(panels, patch, tile columns)``: a matrix of ``whitened`` and then ``words`` columns, each
        of sum zero, cut into panels. A patch times it, over its deviation, plus ``start``,
        is the whitened patch and then its product with the words, less half their squared length.
    start
        ``(panels · tile columns,)``.
    whitened
        Columns of the whitened patch; 0 where nobody asks for distances, but only which is least.
    words
        How many.
    """

    panels: Floats
    start: Floats
    whitened: int
    words: int


class Patches(NamedTuple):
    """Square patches: pixels along a side, how far from one to the next, cells to add up in."""

    side: int
    stride: int
    cells: int


def fold(mean: Floats, whitening: Floats, words: Floats, *, distances: bool) -> Vocabulary:
    """Fold normalization and whitening into the words.

    With ``x = (p − p̄) / s`` whitened to ``y = (x − mean) W``, both ``y`` and ``y · word`` are
    linear in the patch p. As ``p − p̄`` sums to zero, so may every column that it is multiplied by.

    Parameters
    ----------
    mean
        ``(patch,)`` of normalized patches.
    whitening
        ``(patch, patch)``, symmetric.
    words
        ``(words, patch)``, whitened.
    distances
        Whether distances are wanted, or only which word is the nearest.
    """
    columns = np.hstack([whitening, multiply(whitening, words.T)]).astype(np.float64)
    start = -(mean[:, np.newaxis] * columns).sum(axis=0)
    start[len(whitening) :] -= 0.5 * np.square(words, dtype=np.float64).sum(axis=1)
    if not distances:
        columns, start = columns[:, len(whitening) :], start[len(whitening) :]
    columns -= columns.mean(axis=0)
    size, count = columns.shape
    panels = -(-count // _WIDTH)
    wide = np.zeros((size, panels * _WIDTH))
    wide[:, :count] = columns
    padded = np.zeros(panels * _WIDTH, np.float32)
    padded[:count] = start
    cut = wide.reshape(size, panels, _WIDTH).transpose(1, 0, 2)
    whitened = len(whitening) if distances else 0
    return Vocabulary(np.ascontiguousarray(cut, np.float32), padded, whitened, len(words))


def count_words(levels: Floats, vocabulary: Vocabulary, patches: Patches, out: Floats) -> None:
    """Add up the codes of all patches of an image, in each cell of a grid.

    A patch's code is hard, 1 for the nearest word, where the vocabulary is folded without
    distances; else it is the triangle, by how much each word is nearer than words are on average:
    ``max(0, z̄ − z)`` of distances z.

    Parameters
    ----------
    levels
        ``(n, height, width, channels)`` from 0 to 255.
    vocabulary
        Of patches of this size.
    patches
        Where they lie. The patch at position i of n along a side is added to cell ⌊i · cells / n⌋.
    out
        ``(n, cells² · words)``, rows contiguous.

    Raises
    ------
    ValueError
        If shapes do not fit, or rows are not in one piece.
    """
    count, height, width, channels = levels.shape
    down = positions(height, patches.side, patches.stride, 0)
    across = positions(width, patches.side, patches.stride, 0)
    if min(down, across) < patches.cells:
        raise ValueError(f"{down}×{across} patches do not fill {patches.cells} cells a side")
    if vocabulary.panels.shape[1] != patches.side**2 * channels:
        raise ValueError(f"words of {vocabulary.panels.shape[1]} numbers are of other patches")
    if out.shape != (count, patches.cells**2 * vocabulary.words):
        raise ValueError(f"{vocabulary.words} words in {patches.cells}² cells are not {out.shape}")
    numbers, (_, step) = target_rows(out)
    # Around the middle of gray there is less to cancel in the sums.
    centered = np.ascontiguousarray(levels) - np.float32(128)
    _count_words(centered, vocabulary, patches, down, across, numbers, step, out.shape[1])


@kernel
def _count_words(images, vocabulary, patches, down, across, out, step, size):
    panels, _, width = vocabulary.panels.shape
    for image in prange(len(images)):
        cells = out[image * step : image * step + size]
        fill(cells, np.float32(0))
        scales = _inverse_deviations(images[image], patches, down, across)
        products = np.empty((_BAND, panels * width), np.float32)
        for first in range(0, scales.size, _BAND):
            count = min(_BAND, scales.size - first)
            _compare(images[image], vocabulary, patches, across, first, count, products)
            for at in range(count):
                y, x = (first + at) // across, (first + at) % across
                cell = y * patches.cells // down * patches.cells + x * patches.cells // across
                total = cells[cell * vocabulary.words : (cell + 1) * vocabulary.words]
                if vocabulary.whitened > 0:
                    _add_triangle(products[at], scales[first + at], vocabulary, total)
                else:
                    _add_nearest(products[at], scales[first + at], vocabulary, total)


@helper
def _compare(pixels, vocabulary, patches, across, first, count, products):
    """Multiply ``count`` patches from the ``first`` on by the vocabulary."""
    panels, _, width = vocabulary.panels.shape
    row = pixels.shape[1] * pixels.shape[2]
    run = patches.side * pixels.shape[2]
    nothing = np.zeros(width, np.float32)
    places, targets = np.empty(_BAND, np.int64), np.empty(_BAND, np.int64)
    for at in range(_BAND):  # a tile repeats the last patch to be full
        patch = first + min(at, count - 1)
        pixel = patch // across * pixels.shape[1] + patch % across
        places[at] = patches.stride * pixel * pixels.shape[2]
        targets[at] = at * panels * width
    for panel in range(panels):
        words = vocabulary.panels[panel].ctypes.data
        out = products[0, panel * width :].ctypes.data
        for tile in range(0, count, _ROWS):
            rows_tile(
                _LOWEST, nothing.ctypes.data, pixels.ctypes.data, places[tile:].ctypes.data, row,
                words, width, run * width, run, patches.side, out, targets[tile:].ctypes.data,
            )  # fmt: skip


@helper
def _inverse_deviations(pixels, patches, down, across):
    """Return for every patch one over its deviation, from sums of columns, then of rows."""
    height, _, channels = pixels.shape
    sums, squares = np.zeros((2, height, across))
    for y in range(height):
        for place in range(across):
            total, square = 0.0, 0.0
            for x in range(place * patches.stride, place * patches.stride + patches.side):
                for channel in range(channels):
                    level = np.float64(pixels[y, x, channel])
                    total += level
                    square += level * level
            sums[y, place] = total
            squares[y, place] = square
    scales = np.empty(down * across, np.float32)
    numbers = patches.side * patches.side * channels
    for patch in range(down * across):
        top, place = patch // across * patches.stride, patch % across
        total, square = 0.0, 0.0
        for y in range(top, top + patches.side):
            total += sums[y, place]
            square += squares[y, place]
        variance = max(square / numbers - (total / numbers) ** 2, 0.0)
        scales[patch] = np.float32(1 / np.sqrt(variance + CONTRAST))
    return scales


@helper
def _add_triangle(products, scale, vocabulary, total):
    """Add by how much each word is nearer than words are on average."""
    square = np.float32(0)
    for i in range(vocabulary.whitened):
        number = products[i] * scale + vocabulary.start[i]
        square += number * number
    distances = products[vocabulary.whitened : vocabulary.whitened + vocabulary.words]
    start = vocabulary.start[vocabulary.whitened :]
    # ‖y − w‖² = ‖y‖² − 2 (y · w − ½‖w‖²)
    for i in range(distances.size):
        nearness = distances[i] * scale + start[i]
        remote = square - np.float32(2) * nearness
        distances[i] = np.sqrt(remote if remote > 0 else np.float32(0))
    mean = _sum(distances) / np.float32(distances.size)
    for i in range(total.size):
        nearer = mean - distances[i]
        total[i] += nearer if nearer > 0 else np.float32(0)


@helper
def _sum(numbers):
    """Add up, the second half to the first until one number is left, in a copy."""
    size = numbers.size
    half = (size + 1) // 2
    terms = np.empty(half, np.float32)
    terms[half - 1] = numbers[half - 1]
    for i in range(size - half):
        terms[i] = numbers[i] + numbers[half + i]
    while half > 1:
        size, half = half, (half + 1) // 2
        first, second = terms[: size - half], terms[half:size]
        for i in range(second.size):
            first[i] += second[i]
    return terms[0]


@helper
def _add_nearest(products, scale, vocabulary, total):
    """Count the nearest word, the first of several."""
    nearest, best = 0, np.float32(-np.inf)
    for i in range(vocabulary.words):
        nearness = products[i] * scale + vocabulary.start[i]
        if nearness > best:
            nearest, best = i, nearness
    total[nearest] += np.float32(1)
