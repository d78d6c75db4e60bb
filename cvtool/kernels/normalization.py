"""Batch normalization over images and positions (§6.4; Ioffe and Szegedy, 2015).

A channel's mean and variance are found piece by piece, each piece about its own mean, and merged as
Chan, Golub and LeVeque (1979) do: exact for data far from zero, and the same for any thread count.
"""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array, fill, pixel_at, pixel_shape, pixels_of

# So many that a piece of an ordinary batch is still in a second-level cache when its deviations
# are taken, after its mean.
_PIECES = 64


@kernel
def _piece_moments(zero, inputs, shape, means, squares):
    count, height, width, channels = shape
    pieces = means.shape[0]
    for piece in prange(pieces):
        mean, square = means[piece], squares[piece]
        fill(mean, 0)
        fill(square, 0)
        begin, end = piece * count // pieces, (piece + 1) * count // pieces
        line = np.empty(channels, np.asarray(zero).dtype)
        center = np.empty(channels, np.asarray(zero).dtype)
        for image in range(begin, end):
            for row in range(height):
                fill(line, zero)
                for column in range(width):
                    values = pixel_at(zero, inputs, image, row, column, channels)
                    for channel in range(channels):
                        line[channel] += values[channel]
                for channel in range(channels):
                    mean[channel] += line[channel]
        for channel in range(channels):
            mean[channel] /= (end - begin) * height * width
            center[channel] = mean[channel]
            # The deviations are taken from the rounded mean, so that is the mean to merge with.
            mean[channel] = center[channel]
        for image in range(begin, end):
            for row in range(height):
                fill(line, zero)
                for column in range(width):
                    values = pixel_at(zero, inputs, image, row, column, channels)
                    for channel in range(channels):
                        deviation = values[channel] - center[channel]
                        line[channel] += deviation * deviation
                for channel in range(channels):
                    square[channel] += line[channel]


@kernel
def _scale_and_shift(zero, inputs, shape, center, scale, shift, low, out):
    count, height, width, channels = shape
    for line in prange(count * height):
        image, row = line // height, line % height
        for column in range(width):
            values = pixel_at(zero, inputs, image, row, column, channels)
            results = pixel_at(zero, out, image, row, column, channels)
            for channel in range(channels):
                result = (values[channel] - center[channel]) * scale[channel] + shift[channel]
                results[channel] = low if result < low else result


@kernel
def _piece_grad_sums(zero, grads, inputs, shape, center, inverse, sums, products):
    count, height, width, channels = shape
    pieces = sums.shape[0]
    for piece in prange(pieces):
        total, product = sums[piece], products[piece]
        fill(total, 0)
        fill(product, 0)
        line = np.empty(channels, np.asarray(zero).dtype)
        weighted = np.empty(channels, np.asarray(zero).dtype)
        for image in range(piece * count // pieces, (piece + 1) * count // pieces):
            for row in range(height):
                fill(line, zero)
                fill(weighted, zero)
                for column in range(width):
                    grad = pixel_at(zero, grads, image, row, column, channels)
                    values = pixel_at(zero, inputs, image, row, column, channels)
                    for channel in range(channels):
                        normal = (values[channel] - center[channel]) * inverse[channel]
                        line[channel] += grad[channel]
                        weighted[channel] += grad[channel] * normal
                for channel in range(channels):
                    total[channel] += line[channel]
                    product[channel] += weighted[channel]


@kernel
def _grad_inputs(zero, grads, inputs, shape, center, inverse, scale, sums, out):
    count, height, width, channels = shape
    for line in prange(count * height):
        image, row = line // height, line % height
        for column in range(width):
            grad = pixel_at(zero, grads, image, row, column, channels)
            values = pixel_at(zero, inputs, image, row, column, channels)
            results = pixel_at(zero, out, image, row, column, channels)
            for channel in range(channels):
                normal = (values[channel] - center[channel]) * inverse[channel]
                results[channel] = scale[channel] * (
                    grad[channel] - sums[0, channel] - normal * sums[1, channel]
                )


def moments(inputs: Array) -> tuple[Array, Array]:
    """Return mean and (biased) variance of every channel, ``(channels,)`` in float64.

    ``inputs`` are ``(n, height, width, channels)`` or ``(n, channels)``, with contiguous channels
    and at least one pixel.
    """
    shape = pixel_shape(inputs)
    pieces = min(shape[0], _PIECES)
    means = np.empty((pieces, shape[3]))
    squares = np.empty((pieces, shape[3]))
    _piece_moments(inputs.dtype.type(0), pixels_of(inputs), shape, means, squares)
    cuts = np.arange(pieces + 1) * shape[0] // pieces
    shares = (np.diff(cuts) / shape[0])[:, None]
    mean = (shares * means).sum(axis=0)
    variance = squares.sum(axis=0) / (shape[0] * shape[1] * shape[2])
    return mean, variance + (shares * (means - mean) ** 2).sum(axis=0)


def normalize(
    inputs: Array, mean: Array, scale: Array, shift: Array, *, rectify: bool, out: Array
) -> Array:
    """Write ``(inputs − mean)·scale + shift`` by channel, negative results as zero if ``rectify``.

    ``mean``, ``scale`` and ``shift`` are ``(channels,)``.
    """
    zero = inputs.dtype.type(0)
    _scale_and_shift(
        zero,
        pixels_of(inputs),
        pixel_shape(inputs),
        mean.astype(inputs.dtype),
        scale.astype(inputs.dtype),
        shift.astype(inputs.dtype),
        zero if rectify else inputs.dtype.type(-np.inf),
        pixels_of(out),
    )
    return out


def normalize_grad(
    grads: Array, inputs: Array, mean: Array, inverse: Array, gamma: Array, *, out: Array
) -> tuple[Array, Array]:
    """Gradient of batch normalization by its inputs, γ and β, the batch's own moments included.

    Parameters
    ----------
    grads, inputs
        Gradient of the outputs, and the inputs, both of the shape of ``out``.
    mean, inverse, gamma
        ``(channels,)``: the batch mean, one over its standard deviation, and the learned scale.
    out
        Where to write the gradient of the inputs.

    Returns
    -------
    The gradients of γ and β, ``(channels,)`` in float64.
    """
    shape = pixel_shape(inputs)
    zero = inputs.dtype.type(0)
    center, inverse = mean.astype(inputs.dtype), inverse.astype(inputs.dtype)
    pieces = min(shape[0], _PIECES)
    sums, products = np.empty((2, pieces, shape[3]))
    places = pixels_of(grads), pixels_of(inputs), shape, center, inverse
    _piece_grad_sums(zero, *places, sums, products)
    grad_beta, grad_gamma = sums.sum(axis=0), products.sum(axis=0)
    means = np.stack([grad_beta, grad_gamma]) / (shape[0] * shape[1] * shape[2])
    scale = (gamma * inverse).astype(inputs.dtype)
    _grad_inputs(zero, *places, scale, means.astype(inputs.dtype), pixels_of(out))
    return grad_gamma, grad_beta
