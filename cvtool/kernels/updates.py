"""One step of each optimizer, in a single pass over the memory of a parameter.

All arrays are flat views of one shape and type and, the gradient apart, are changed in place.
Numbers that a step multiplies by are rounded to the type of the arrays once. Every formula is that
of PyTorch's optimizer of the same name.
"""

import math

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.pieces import PIECE, Array, flat, piece_count


def sgd(weights: Array, gradient: Array, rate: float) -> None:
    """Go down the gradient: w ← w − rate·g."""
    weights, gradient = flat(weights, gradient)
    _sgd(weights, gradient, *_rounded(weights, rate))


def momentum(
    weights: Array, gradient: Array, velocity: Array, rate: float, share: float, look_ahead: bool
) -> None:
    """Go on as before by a share: v ← share·v + g, w ← w − rate·v (Sutskever et al. 2013).

    With ``look_ahead`` (Nesterov) the step is g + share·v, with the new v, as if the gradient had
    been taken where the velocity leads.
    """
    weights, gradient, velocity = flat(weights, gradient, velocity)
    step = _nesterov if look_ahead else _momentum
    step(weights, gradient, velocity, *_rounded(weights, rate, share))


def adagrad(weights: Array, gradient: Array, squares: Array, rate: float, epsilon: float) -> None:
    """Slow down where gradients were large: s ← s + g², w ← w − rate·g/(√s + ε)."""
    weights, gradient, squares = flat(weights, gradient, squares)
    _scaled(weights, gradient, squares, *_rounded(weights, rate, 1.0, 1.0, epsilon))


def rmsprop(
    weights: Array, gradient: Array, squares: Array, rate: float, keep: float, epsilon: float
) -> None:
    """Do so but forget: s ← keep·s + (1 − keep)g², w ← w − rate·g/(√s + ε)."""
    weights, gradient, squares = flat(weights, gradient, squares)
    _scaled(weights, gradient, squares, *_rounded(weights, rate, keep, 1 - keep, epsilon))


def adam(
    weights: Array,
    gradient: Array,
    means: Array,
    squares: Array,
    rate: float,
    keep: tuple[float, float],
    epsilon: float,
    steps: int,
    shrink: float,
) -> None:
    """Divide the running mean of gradients by the root of that of squares (Kingma and Ba 2015).

    Parameters
    ----------
    weights, gradient, means, squares
        Contiguous arrays of one shape.
    rate
        Learning rate.
    keep
        β₁ and β₂: the shares of both means that are kept.
    epsilon
        Added to the root.
    steps
        Number of this step, from 1: young means lean towards 0 and are corrected for it.
    shrink
        What the weights are multiplied by first; 1 but in AdamW.
    """
    weights, gradient, means, squares = flat(weights, gradient, means, squares)
    first, second = keep
    rate = rate / (1 - first**steps)
    correction = 1 / math.sqrt(1 - second**steps)
    numbers = (rate, first, 1 - first, second, 1 - second, correction, epsilon, shrink)
    _adam(weights, gradient, means, squares, *_rounded(weights, *numbers))


def _rounded(weights: Array, *numbers: float) -> Array:
    return np.array(numbers, weights.dtype)


@kernel
def _sgd(weights, gradient, rate):
    for piece in prange(piece_count(weights.size)):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        g = gradient[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            w[i] -= rate * g[i]


@kernel
def _momentum(weights, gradient, velocity, rate, share):
    for piece in prange(piece_count(weights.size)):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        g = gradient[piece * PIECE : (piece + 1) * PIECE]
        v = velocity[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            v[i] = share * v[i] + g[i]
            w[i] -= rate * v[i]


@kernel
def _nesterov(weights, gradient, velocity, rate, share):
    for piece in prange(piece_count(weights.size)):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        g = gradient[piece * PIECE : (piece + 1) * PIECE]
        v = velocity[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            v[i] = share * v[i] + g[i]
            w[i] -= rate * (g[i] + share * v[i])


@kernel
def _scaled(weights, gradient, squares, rate, keep, take, epsilon):
    for piece in prange(piece_count(weights.size)):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        g = gradient[piece * PIECE : (piece + 1) * PIECE]
        s = squares[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            s[i] = keep * s[i] + take * (g[i] * g[i])
            w[i] -= rate * g[i] / (math.sqrt(s[i]) + epsilon)


@kernel
def _adam(
    weights,
    gradient,
    means,
    squares,
    rate,
    keep_mean,
    take_mean,
    keep_square,
    take_square,
    correction,
    epsilon,
    shrink,
):
    for piece in prange(piece_count(weights.size)):
        w = weights[piece * PIECE : (piece + 1) * PIECE]
        g = gradient[piece * PIECE : (piece + 1) * PIECE]
        m = means[piece * PIECE : (piece + 1) * PIECE]
        s = squares[piece * PIECE : (piece + 1) * PIECE]
        for i in range(w.size):
            m[i] = keep_mean * m[i] + take_mean * g[i]
            s[i] = keep_square * s[i] + take_square * (g[i] * g[i])
            root = math.sqrt(s[i]) * correction
            w[i] = shrink * w[i] - rate * m[i] / (root + epsilon)
