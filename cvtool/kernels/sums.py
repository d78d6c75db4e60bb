"""Sums over all weights: of squares, and of the penalties that regularize them."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.pieces import PIECE, Array, flat, piece_count


def sum_of_squares(array: Array) -> float:
    """Return Σx² in double precision; the same bits for any number of threads."""
    (numbers,) = flat(array)
    sums = np.zeros(piece_count(numbers.size))
    _sum_squares(numbers, sums)
    return float(sums.sum())


def penalize(weights: Array, gradient: Array, square: float, absolute: float) -> float:
    """Add the gradient of Σ(square·w² + absolute·|w|) to ``gradient`` and return the sum.

    |w| is given the slope 0 at 0. The sum is in double precision and, like the gradient, has the
    same bits for any number of threads.
    """
    weights, gradient = flat(weights, gradient)
    sums = np.zeros(piece_count(weights.size))
    _penalize(weights, gradient, float(square), float(absolute), sums)
    return float(sums.sum())


@helper
def _add_up(terms):
    """Add the second half to the first until one number is left; the terms are used up."""
    size = terms.size
    while size > 1:
        half = (size + 1) // 2
        first, second = terms[: size - half], terms[half:size]
        for i in range(second.size):
            first[i] += second[i]
        size = half
    return terms[0]


@kernel
def _sum_squares(numbers, sums):
    for piece in prange(sums.size):
        x = numbers[piece * PIECE : (piece + 1) * PIECE]
        terms = np.empty(x.size)
        for i in range(x.size):
            terms[i] = np.float64(x[i]) * np.float64(x[i])
        sums[piece] = _add_up(terms)


@kernel
def _penalize(weights, gradient, square, absolute, sums):
    number = weights.dtype.type
    slope, step = number(2 * square), number(absolute)
    for piece in prange(sums.size):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        grad_w = gradient[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            sign = number(w[i] > number(0)) - number(w[i] < number(0))
            grad_w[i] += slope * w[i] + step * sign
        terms = np.empty(w.size)
        for i in range(w.size):
            size = abs(np.float64(w[i]))
            terms[i] = square * size * size + absolute * size
        sums[piece] = _add_up(terms)
