"""Rectifiers, and the copy that respects borders: kernels that look at one number at a time."""

from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.rows import Array, row_of, rows


def copy(inputs: Array, out: Array) -> None:
    """Copy a batch, into the interior of a bordered buffer for instance.

    Here and in the rooms' other kernels for single numbers, all arrays are of one shape
    ``(images, …)`` and of one type, float32 or float64; an array is read and written with any
    distance between its rows, and ``out`` may be one of the arrays read.
    """
    _copy(*rows(inputs, out=out))


def relu(inputs: Array, out: Array) -> None:
    """Write max(0, x); NaN stays NaN (notes §6.1.3)."""
    _relu(*rows(inputs, out=out))


def relu_backward(grad_outputs: Array, outputs: Array, out: Array) -> None:
    """Write the gradient where the output is positive, else 0."""
    _relu_backward(*rows(grad_outputs, outputs, out=out))


def leaky_relu(inputs: Array, slope: float, out: Array) -> None:
    """Write x where it is positive, else slope·x (notes §6.1.4)."""
    _leaky_relu(out.dtype.type(slope), *rows(inputs, out=out))


def leaky_relu_backward(grad_outputs: Array, outputs: Array, slope: float, out: Array) -> None:
    """Write the gradient where the output is positive, else slope times it; slope ≥ 0."""
    _leaky_relu_backward(out.dtype.type(slope), *rows(grad_outputs, outputs, out=out))


@kernel
def _copy(shape, inputs, input_strides, outputs, output_strides):
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            y[i] = x[i]


@kernel
def _relu(shape, inputs, input_strides, outputs, output_strides):
    zero = inputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            y[i] = zero if x[i] <= zero else x[i]


@kernel
def _relu_backward(
    shape, grad_outputs, grad_strides, outputs, output_strides, grad_inputs, target_strides
):
    zero = outputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, shape, index)
        for i in range(shape[2]):
            grad_x[i] = zero if y[i] <= zero else grad_y[i]


@kernel
def _leaky_relu(slope, shape, inputs, input_strides, outputs, output_strides):
    zero = inputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            y[i] = x[i] if x[i] > zero else slope * x[i]


@kernel
def _leaky_relu_backward(
    slope, shape, grad_outputs, grad_strides, outputs, output_strides, grad_inputs, target_strides
):
    zero = outputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, shape, index)
        for i in range(shape[2]):
            grad_x[i] = grad_y[i] if y[i] > zero else slope * grad_y[i]
