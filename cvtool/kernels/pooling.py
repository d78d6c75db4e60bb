"""Pooling of channels-last images and its gradients (§5.2): the maximum or the mean of a window."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.memory import Array, fill, pixel_at, pixels_of
from cvtool.kernels.windows import positions


@helper
def _clear(zero, images, image, shape):
    for row in range(shape[1]):
        for column in range(shape[2]):
            fill(pixel_at(zero, images, image, row, column, shape[3]), zero)


@kernel
def _max_pool(zero, images, out, winners, window, stride):
    count, height, width, channels = winners.shape
    for line in prange(count * height):
        image, row = line // height, line % height
        for column in range(width):
            best = pixel_at(zero, out, image, row, column, channels)
            winner = winners[image, row, column]
            top, left = row * stride, column * stride
            values = pixel_at(zero, images, image, top, left, channels)
            for channel in range(channels):
                best[channel] = values[channel]
                winner[channel] = 0
            for tap in range(1, window * window):
                down, right = tap // window, tap % window
                values = pixel_at(zero, images, image, top + down, left + right, channels)
                for channel in range(channels):
                    value = values[channel]
                    # The first of equal values wins, and NaN wins over everything.
                    better = value > best[channel] or value != value
                    best[channel] = value if better else best[channel]
                    winner[channel] = tap if better else winner[channel]


@kernel
def _max_pool_grad(zero, grads, winners, outputs, rectified, window, stride, images, shape):
    count, height, width, channels = winners.shape
    exact = stride == window and height * stride == shape[1] and width * stride == shape[2]
    for image in prange(count):
        if not exact:
            _clear(zero, images, image, shape)
        passed = np.empty(channels, np.asarray(zero).dtype)
        for row in range(height):
            for column in range(width):
                winner = winners[image, row, column]
                grad = pixel_at(zero, grads, image, row, column, channels)
                output = pixel_at(zero, outputs, image, row, column, channels)
                for channel in range(channels):
                    passes = not rectified or output[channel] > zero
                    passed[channel] = grad[channel] if passes else zero
                for tap in range(window * window):
                    target_row = row * stride + tap // window
                    target_column = column * stride + tap % window
                    target = pixel_at(zero, images, image, target_row, target_column, channels)
                    for channel in range(channels):
                        share = passed[channel] if winner[channel] == tap else zero
                        target[channel] = share if exact else target[channel] + share


@kernel
def _average_pool(zero, images, out, shape, window, stride):
    count, height, width, channels = shape
    for line in prange(count * height):
        image, row = line // height, line % height
        for column in range(width):
            mean = pixel_at(zero, out, image, row, column, channels)
            fill(mean, zero)
            for down in range(window[0]):
                for right in range(window[1]):
                    top, left = row * stride + down, column * stride + right
                    values = pixel_at(zero, images, image, top, left, channels)
                    for channel in range(channels):
                        mean[channel] += values[channel]
            for channel in range(channels):
                mean[channel] /= window[0] * window[1]


@kernel
def _average_pool_grad(zero, grads, images, shape, places, window, stride):
    count, channels = shape[0], shape[3]
    for image in prange(count):
        _clear(zero, images, image, shape)
        for row in range(places[0]):
            for column in range(places[1]):
                grad = pixel_at(zero, grads, image, row, column, channels)
                for down in range(window[0]):
                    for right in range(window[1]):
                        top, left = row * stride + down, column * stride + right
                        target = pixel_at(zero, images, image, top, left, channels)
                        for channel in range(channels):
                            target[channel] += grad[channel] / (window[0] * window[1])


def max_pool(images: Array, *, size: int, stride: int, out: Array, winners: Array) -> Array:
    """Keep the largest value under each window, and which of the window's pixels it was.

    Parameters
    ----------
    images
        ``(n, height, width, channels)`` with contiguous channels.
    size, stride
        Side of the square window, and pixels from one place to the next; there is no padding.
    out
        Where to write: ``(n, height₂, width₂, channels)``, height₂ = (height − size)/stride + 1.
    winners
        Unsigned integers of the shape of ``out``, contiguous: the position of the winner in its
        window, counted row by row. The first of equal values wins; NaN wins over all others.
    """
    if out.size:
        zero = out.dtype.type(0)
        _max_pool(zero, pixels_of(images), pixels_of(out), winners, size, stride)
    return out


def max_pool_grad(
    grads: Array,
    winners: Array,
    *,
    size: int,
    stride: int,
    out: Array,
    rectified_outputs: Array | None = None,
) -> Array:
    """Gradient of ``max_pool``: every window passes its gradient to the pixel that won.

    Parameters
    ----------
    grads, winners
        ``(n, height₂, width₂, channels)``.
    out
        Where to write: ``(n, height, width, channels)`` with contiguous channels.
    rectified_outputs
        The outputs, where the images were outputs of a ReLU: the gradient then passes through that
        ReLU too, which leaves none where the maximum is zero.
    """
    if winners.size == 0:
        out[...] = 0
        return out
    outputs = grads if rectified_outputs is None else rectified_outputs
    _max_pool_grad(
        out.dtype.type(0),
        pixels_of(grads),
        winners,
        pixels_of(outputs),
        rectified_outputs is not None,
        size,
        stride,
        pixels_of(out),
        out.shape,
    )
    return out


def average_pool(images: Array, *, window: tuple[int, int], stride: int, out: Array) -> Array:
    """Take the mean under each ``window`` of rows × columns; shapes are those of ``max_pool``."""
    if out.size:
        zero = out.dtype.type(0)
        _average_pool(zero, pixels_of(images), pixels_of(out), out.shape, window, stride)
    return out


def average_pool_grad(grads: Array, *, window: tuple[int, int], stride: int, out: Array) -> Array:
    """Gradient of ``average_pool``: every window spreads its gradient evenly over its pixels."""
    if out.size:
        places = (positions(out.shape[1], window[0], stride, 0), grads.shape[2])
        _average_pool_grad(
            out.dtype.type(0), pixels_of(grads), pixels_of(out), out.shape, places, window, stride
        )
    return out
