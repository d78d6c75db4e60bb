"""How far two pictures of one thing differ in their details, whatever re-saving did to them.

Two ships on two seas agree in brightness almost everywhere and still are two: what tells them apart
is small. Pictures are therefore compared by what lies between fine grain, which compression and
noise make, and broad shades, which all seas share. The second is moved to where it fits the first
best, and what brightness, contrast, sharpness, a fraction of a pixel, and a little scaling explain
of the difference is taken out of it. What remains is measured against the contrast of the details.
"""

from functools import cache

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.pictures import SIDE
from cvtool.kernels.projection import unexplained

REACH = 1
"""The second picture is moved by up to so many pixels; the rest is left to the fit."""

_GRAIN, _SHADE = 0.7, 3.0  # standard deviations in pixels of what details lie between
_VECTORS = 8


@cache
def blurring(deviation: float) -> NDArray[np.float32]:
    """Return the matrix ``(SIDE, SIDE)`` that blurs a row of pixels, repeating those at its ends.

    The window is a Gaussian of so many pixels, cut off at four of them.
    """
    reach = int(np.ceil(4 * deviation))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    matrix = np.zeros((SIDE, SIDE))
    for row in range(SIDE):
        places = np.clip(np.arange(row - reach, row + reach + 1), 0, SIDE - 1)
        np.add.at(matrix[row], places, window / window.sum())
    return matrix.astype(np.float32)


def details(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return pictures ``(n, SIDE, SIDE)`` blurred a little, less the same blurred much."""
    if pictures.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"pictures are {SIDE}×{SIDE}, not {pictures.shape[1:]}")
    out = np.zeros(pictures.shape, np.float32)
    _details(np.ascontiguousarray(pictures), blurring(_GRAIN), blurring(_SHADE), out)
    return out


def detail_differences(
    details: NDArray[np.float32],
    firsts: NDArray[np.int64],
    seconds: NDArray[np.int64],
    mirrored: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare pairs of pictures by their details.

    Parameters
    ----------
    details
        ``(n, SIDE, SIDE)`` float32, as ``details`` gives them.
    firsts, seconds
        ``(pairs,)`` positions of the two.
    mirrored
        ``(pairs,)`` whether the second is to be seen in a mirror.

    Returns
    -------
    shares
        ``(pairs,)``: root mean square of what remains of the difference between details of unit
        contrast; 0 for the same picture, about √2 for two that have nothing in common, and infinite
        where one has no details at all.
    levels
        ``(pairs,)``: the same in gray levels.
    """
    shares, levels = np.empty(len(firsts)), np.empty(len(firsts))
    # Columns of a table or not, the kernel is compiled once.
    firsts, seconds = map(np.ascontiguousarray, (firsts, seconds))
    _compare(details, firsts, seconds, mirrored, shares, levels)
    return shares, levels


@kernel
def _details(pictures, grain, shade, out):
    for index in prange(len(pictures)):
        _blur(pictures[index], grain, np.float32(1), out[index])
        _blur(pictures[index], shade, np.float32(-1), out[index])


@helper
def _blur(picture, blurring, factor, out):
    """Add the picture, blurred along both axes and multiplied, to ``out``."""
    rows = np.zeros_like(picture)
    for i in range(len(rows)):
        for y in range(len(rows)):
            weight = factor * blurring[i, y]
            if weight != 0:
                for x in range(rows.shape[1]):
                    rows[i, x] += weight * picture[y, x]
    columns = blurring.T.copy()  # so that the innermost loop goes over neighbors
    for i in range(len(rows)):
        for x in range(rows.shape[1]):
            for j in range(rows.shape[1]):
                out[i, j] += rows[i, x] * columns[x, j]


@kernel
def _compare(details, firsts, seconds, mirrored, shares, levels):
    for pair in prange(len(firsts)):
        first, second = details[firsts[pair]], details[seconds[pair]]
        if mirrored[pair]:
            second = second[:, ::-1].copy()
        down, right = _best_move(first, second)
        # What both show, less a border that slopes need: without copying, as views.
        height, width = SIDE - abs(down), SIDE - abs(right)
        top, left = max(0, -down), max(0, -right)
        one = first[top : top + height, left : left + width]
        other = second[top + down : top + down + height, left + right : left + right + width]
        shares[pair], levels[pair] = _difference(one, other)


@helper
def _best_move(first, second):
    """Return down and right such that ``first[y, x]`` fits ``second[y + down, x + right]``."""
    best, best_down, best_right = -2.0, 0, 0
    for step in range((2 * REACH + 1) ** 2):
        down, right = step // (2 * REACH + 1) - REACH, step % (2 * REACH + 1) - REACH
        square, other_square, product = 1e-12, 1e-12, 0.0
        for y in range(max(0, -down), SIDE - max(0, down)):
            for x in range(max(0, -right), SIDE - max(0, right)):
                a, b = np.float64(first[y, x]), np.float64(second[y + down, x + right])
                square += a * a
                other_square += b * b
                product += a * b
        fit = product / np.sqrt(square * other_square)
        if fit > best:
            best, best_down, best_right = fit, down, right
    return best_down, best_right


@helper
def _difference(first, second):
    mean, deviation = _mean_and_deviation(first)
    other_mean, other_deviation = _mean_and_deviation(second)
    if deviation < 1e-3 or other_deviation < 1e-3:
        return np.inf, np.inf
    height, width = first.shape
    vector, other = np.empty(_VECTORS), np.empty(_VECTORS)
    products = np.zeros((_VECTORS, _VECTORS))
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            _look(first, y, x, mean, deviation, vector)
            _look(second, y, x, other_mean, other_deviation, other)
            vector[0] -= other[0]
            for i in range(1, _VECTORS):
                vector[i] += other[i]
            for i in range(_VECTORS):
                for j in range(i + 1):
                    products[i, j] += vector[i] * vector[j]
    for i in range(_VECTORS):
        for j in range(i):
            products[j, i] = products[i, j]
    share = np.sqrt(unexplained(products) / ((height - 2) * (width - 2)))
    return share, share * np.sqrt(deviation * other_deviation)


@helper
def _look(picture, y, x, mean, deviation, out):
    """Write a pixel of unit contrast, then what could change it: all that the fit may use."""
    center = (picture[y, x] - mean) / deviation
    left, right = picture[y, x - 1], picture[y, x + 1]
    above, below = picture[y - 1, x], picture[y + 1, x]
    slope_x, slope_y = (right - left) / deviation, (below - above) / deviation
    out[0] = center
    out[1] = 1
    out[2] = center  # contrast
    out[3] = slope_x
    out[4] = slope_y
    out[5] = slope_x * (x / SIDE - 0.5)
    out[6] = slope_y * (y / SIDE - 0.5)
    out[7] = (left + right + above + below - 4 * picture[y, x]) / deviation  # sharpness


@helper
def _mean_and_deviation(picture):
    """Return mean and standard deviation of all but the border."""
    count, total, squares = 0, 0.0, 0.0
    for y in range(1, picture.shape[0] - 1):
        for x in range(1, picture.shape[1] - 1):
            value = np.float64(picture[y, x])
            count += 1
            total += value
            squares += value * value
    mean = total / count
    return mean, np.sqrt(max(squares / count - mean * mean, 0.0))
