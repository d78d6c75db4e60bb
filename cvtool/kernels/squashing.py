"""Sigmoid, tanh and ELU: the activations made of exponentials (notes §6.1).

Their derivatives are told from the outputs alone, so that the backward passes need no exponential.
"""

from numba import prange

from cvtool.kernels.exponential import exponential_less_one
from cvtool.kernels.jit import kernel
from cvtool.kernels.rows import Array, row_of, rows


def sigmoid(inputs: Array, out: Array) -> None:
    """Write σ(x) = 1 / (1 + e⁻ˣ)."""
    _sigmoid(*rows(inputs, out=out))


def sigmoid_backward(grad_outputs: Array, outputs: Array, out: Array) -> None:
    """Write the gradient times σ′ = σ(1 − σ)."""
    _sigmoid_backward(*rows(grad_outputs, outputs, out=out))


def tanh(inputs: Array, out: Array) -> None:
    """Write tanh x = (e²ˣ − 1) / (e²ˣ + 1)."""
    _tanh(*rows(inputs, out=out))


def tanh_backward(grad_outputs: Array, outputs: Array, out: Array) -> None:
    """Write the gradient times tanh′ = 1 − tanh²."""
    _tanh_backward(*rows(grad_outputs, outputs, out=out))


def elu(inputs: Array, alpha: float, out: Array) -> None:
    """Write x where it is positive, else α(eˣ − 1)."""
    _elu(out.dtype.type(alpha), *rows(inputs, out=out))


def elu_backward(grad_outputs: Array, outputs: Array, alpha: float, out: Array) -> None:
    """Write the gradient where the output y is positive, else y + α = αeˣ times it; α > 0."""
    _elu_backward(out.dtype.type(alpha), *rows(grad_outputs, outputs, out=out))


@kernel
def _sigmoid(shape, inputs, input_strides, outputs, output_strides):
    one, two = inputs.dtype.type(1), inputs.dtype.type(2)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            y[i] = one / (two + exponential_less_one(-x[i]))


@kernel
def _sigmoid_backward(
    shape, grad_outputs, grad_strides, outputs, output_strides, grad_inputs, target_strides
):
    one = outputs.dtype.type(1)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, shape, index)
        for i in range(shape[2]):
            grad_x[i] = grad_y[i] * (y[i] * (one - y[i]))


@kernel
def _tanh(shape, inputs, input_strides, outputs, output_strides):
    two = inputs.dtype.type(2)
    # From 20 on tanh is 1 in either type, long before e²ˣ leaves its range.
    highest = inputs.dtype.type(20)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            power = exponential_less_one(two * (highest if x[i] > highest else x[i]))
            y[i] = power / (power + two)


@kernel
def _tanh_backward(
    shape, grad_outputs, grad_strides, outputs, output_strides, grad_inputs, target_strides
):
    one = outputs.dtype.type(1)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, shape, index)
        for i in range(shape[2]):
            grad_x[i] = grad_y[i] * (one - y[i] * y[i])


@kernel
def _elu(alpha, shape, inputs, input_strides, outputs, output_strides):
    zero = inputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            below = alpha * exponential_less_one(x[i])
            y[i] = x[i] if x[i] > zero else below


@kernel
def _elu_backward(
    alpha, shape, grad_outputs, grad_strides, outputs, output_strides, grad_inputs, target_strides
):
    zero = outputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, shape, index)
        for i in range(shape[2]):
            grad_x[i] = grad_y[i] if y[i] > zero else grad_y[i] * (y[i] + alpha)
