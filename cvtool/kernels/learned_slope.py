"""PReLU: a leaky ReLU whose slope is learned, one for each channel (He et al. 2015)."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.rows import Array, row_of, rows

_PIECES = 64
"""Sums over the batch are cut into this many pieces, whatever the number of threads."""


def prelu(inputs: Array, slopes: Array, out: Array) -> None:
    """Write x where it is positive, else the slope of its channel times x.

    Parameters
    ----------
    inputs, out
        ``(images, …, channels)``.
    slopes
        ``(channels,)``, of the same type.
    """
    _check_slopes(inputs, slopes)
    _prelu(slopes, *rows(inputs, out=out))


def prelu_backward(grad_outputs: Array, inputs: Array, slopes: Array, out: Array) -> Array:
    """Write the gradient of the inputs and return that of the slopes, ``(channels,)``.

    A slope acts on the inputs that are not positive: its gradient is the sum of gradient times
    input over those of its channel. ``out`` shares no memory with the arrays read.
    """
    _check_slopes(inputs, slopes)
    shape, *arrays = rows(grad_outputs, inputs, out=out)
    sums = np.zeros((min(_PIECES, shape[0] * shape[1]), slopes.size))
    _prelu_backward(slopes, sums, shape, *arrays)
    gradient: Array = sums.sum(axis=0).astype(slopes.dtype)
    return gradient


def _check_slopes(inputs: Array, slopes: Array) -> None:
    if slopes.shape != inputs.shape[-1:] or slopes.dtype != inputs.dtype:
        raise ValueError(
            f"slopes {slopes.shape} of {slopes.dtype} do not fit "
            f"inputs {inputs.shape} of {inputs.dtype}"
        )


# Both kernels cut rows into pixels with slices of their own: each slice passed on to a helper would
# count a reference to memory, in a counter that all threads share.


@kernel
def _prelu(slopes, shape, inputs, input_strides, outputs, output_strides):
    zero = inputs.dtype.type(0)
    channels = slopes.size
    for index in prange(shape[0] * shape[1]):
        x_row = row_of(inputs, input_strides, shape, index)
        y_row = row_of(outputs, output_strides, shape, index)
        for start in range(0, shape[2], channels):
            x = x_row[start : start + channels]
            y = y_row[start : start + channels]
            for c in range(channels):
                y[c] = x[c] if x[c] > zero else slopes[c] * x[c]


@kernel
def _prelu_backward(
    slopes,
    sums,
    shape,
    grad_outputs,
    grad_strides,
    inputs,
    input_strides,
    grad_inputs,
    target_strides,
):
    zero = inputs.dtype.type(0)
    pieces, channels = sums.shape
    count = shape[0] * shape[1]
    for piece in prange(pieces):
        total = sums[piece]
        for index in range(count * piece // pieces, count * (piece + 1) // pieces):
            grad_y_row = row_of(grad_outputs, grad_strides, shape, index)
            x_row = row_of(inputs, input_strides, shape, index)
            grad_x_row = row_of(grad_inputs, target_strides, shape, index)
            for start in range(0, shape[2], channels):
                x = x_row[start : start + channels]
                grad_y = grad_y_row[start : start + channels]
                grad_x = grad_x_row[start : start + channels]
                for c in range(channels):
                    total[c] += zero if x[c] > zero else grad_y[c] * x[c]
                for c in range(channels):
                    grad_x[c] = grad_y[c] if x[c] > zero else slopes[c] * grad_y[c]
