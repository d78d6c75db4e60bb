"""What a picture shows, in 64 bits and a few numbers, however it was re-saved.

A picture is described by its 64 slowest cosine waves, half of them even and half odd from left to
right; that of its mirror image is the same with the odd half negated. Their signs are a perceptual
hash (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010, after
Krawetz). The waves themselves, free of brightness and contrast, are the first row of a signature;
the other rows are how they change as the picture is moved or scaled by a little: the tangents along
which two signatures may differ and yet be of one picture (Simard, LeCun and Denker, "Efficient
pattern recognition using a new transformation distance", NIPS 1992).
"""

from functools import cache

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.pictures import SIDE

WAVES = 64
"""How many waves: the first half are even from left to right, the second half odd."""

ONE = 127
"""What stands for one in a signature."""

ROWS = 5
"""The waves, then their change with a move right, a move down, and scaling in width and height."""

_FREQUENCIES = 12  # more than any of the slowest waves has


def signatures(
    pictures: NDArray[np.float32],
) -> tuple[NDArray[np.uint64], NDArray[np.int8], NDArray[np.float32]]:
    """Describe pictures so that alike ones are found quickly.

    Parameters
    ----------
    pictures
        ``(n, SIDE, SIDE)`` float32.

    Returns
    -------
    hashes
        ``(n,)`` uint64: a bit for each wave, set where it is positive.
    signatures
        ``(n, ROWS, WAVES)`` int8: waves of unit norm and their changes, times ``ONE``.
    contrasts
        ``(n,)`` float32: the root mean square of the waves in gray levels; where it is next to
        nothing, neither hash nor signature means anything.
    """
    if pictures.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"pictures are {SIDE}×{SIDE}, not {pictures.shape[1:]}")
    count = len(pictures)
    hashes = np.empty(count, np.uint64)
    described = np.empty((count, ROWS, WAVES), np.int8)
    contrasts = np.empty(count, np.float32)
    _describe(
        np.ascontiguousarray(pictures), bases(), slowest_waves(), hashes, described, contrasts
    )
    return hashes, described, contrasts


@cache
def bases() -> NDArray[np.float32]:
    """Return three matrices ``(3, _FREQUENCIES, SIDE)`` that go over a row of pixels.

    They give its cosine waves (orthonormal DCT-II), those of its slope, and those of its slope
    times the distance from the middle, half a side being one. The slope is a difference over two
    pixels, and zero at both ends.
    """
    position, frequency = np.arange(SIDE), np.arange(_FREQUENCIES)[:, np.newaxis]
    waves = np.cos(np.pi * frequency * (2 * position + 1) / (2 * SIDE)) * np.sqrt(2 / SIDE)
    waves[0] /= np.sqrt(2)
    slope = np.eye(SIDE, k=1) - np.eye(SIDE, k=-1)
    slope[0] = slope[-1] = 0
    outwards = ((2 * position + 1) / SIDE - 1)[:, np.newaxis] * slope
    return np.stack([waves, waves @ slope, waves @ outwards]).astype(np.float32)


@cache
def slowest_waves() -> NDArray[np.int64]:
    """Return ``(WAVES, 2)``: how often each wave swings from top to bottom, and left to right."""
    pairs = [(y, x) for y in range(_FREQUENCIES) for x in range(_FREQUENCIES) if x or y]
    pairs.sort(key=lambda pair: (pair[0] ** 2 + pair[1] ** 2, pair))
    even = [pair for pair in pairs if pair[1] % 2 == 0][: WAVES // 2]
    odd = [pair for pair in pairs if pair[1] % 2 == 1][: WAVES // 2]
    return np.array(even + odd)


@kernel
def _describe(pictures, bases, waves, hashes, described, contrasts):
    for index in prange(len(pictures)):
        frequencies = bases.shape[1]
        rows = np.zeros((3, frequencies, pictures.shape[2]), np.float32)
        for basis in range(3):
            _multiply(bases[basis], pictures[index], rows[basis])
        grids = np.zeros((5, frequencies, frequencies), np.float32)
        _multiply_turned(rows[0], bases[0], grids[0])
        _multiply_turned(rows[0], bases[1], grids[1])
        _multiply_turned(rows[1], bases[0], grids[2])
        _multiply_turned(rows[0], bases[2], grids[3])
        _multiply_turned(rows[2], bases[0], grids[4])
        norm = _norm(grids[0], waves)
        contrasts[index] = norm / pictures.shape[1]
        hashes[index] = _signs(grids[0], waves)
        _write_rows(grids, waves, norm, described[index])


@helper
def _multiply(a, b, out):
    for row in range(a.shape[0]):
        target = out[row]
        for k in range(a.shape[1]):
            factor, source = a[row, k], b[k]
            for column in range(target.size):
                target[column] += factor * source[column]


@helper
def _multiply_turned(a, b, out):
    for row in range(a.shape[0]):
        for column in range(b.shape[0]):
            total = np.float32(0)
            for k in range(a.shape[1]):
                total += a[row, k] * b[column, k]
            out[row, column] = total


@helper
def _norm(grid, waves):
    total = 0.0
    for wave in range(len(waves)):
        total += np.float64(grid[waves[wave, 0], waves[wave, 1]]) ** 2
    return np.sqrt(total)


@helper
def _signs(grid, waves):
    bits = np.uint64(0)
    for wave in range(len(waves)):
        if grid[waves[wave, 0], waves[wave, 1]] > 0:
            bits |= np.uint64(1) << np.uint64(wave)
    return bits


@helper
def _write_rows(grids, waves, norm, out):
    scale = 127 / norm if norm > 0 else 0.0
    for row in range(out.shape[0]):
        for wave in range(len(waves)):
            value = np.rint(grids[row, waves[wave, 0], waves[wave, 1]] * scale)
            out[row, wave] = np.int8(min(max(value, -127.0), 127.0))
