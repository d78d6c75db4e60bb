"""Maxout: the largest of a few neighboring channels (notes §6.1.4)."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.rows import Array, check_types, row_of, row_shape, source_rows, target_rows


def maxout(inputs: Array, pieces: int, out: Array) -> None:
    """Write the largest of each ``pieces`` neighbors of the last axis; NaN is larger than all.

    Parameters
    ----------
    inputs
        ``(images, …, channels × pieces)``.
    pieces
        How many neighbors compete, at least 1.
    out
        ``(images, …, channels)``, of the same type.
    """
    _check(inputs, pieces, out)
    _maxout(pieces, row_shape(out.shape), *source_rows(inputs), *target_rows(out))


def maxout_backward(
    grad_outputs: Array, inputs: Array, outputs: Array, pieces: int, out: Array
) -> None:
    """Write each gradient to the input that was largest, the first of equals; 0 to the others.

    ``outputs`` are what ``maxout`` wrote for ``inputs``; ``out`` has the shape of ``inputs`` and
    shares no memory with the arrays read.
    """
    _check(inputs, pieces, outputs)
    _check(out, pieces, grad_outputs)
    sources = (*source_rows(grad_outputs), *source_rows(inputs), *source_rows(outputs))
    _maxout_backward(pieces, row_shape(outputs.shape), *sources, *target_rows(out))


def _check(wide: Array, pieces: int, narrow: Array) -> None:
    check_types(wide, narrow)
    if wide.shape != (*narrow.shape[:-1], narrow.shape[-1] * pieces):
        raise ValueError(f"{wide.shape} is not {narrow.shape} with {pieces} numbers for each one")


@helper
def _largest(x, y, pieces):
    for i in range(y.size):
        best = x[np.uint64(i * pieces)]
        for j in range(1, pieces):
            value = x[np.uint64(i * pieces + j)]
            best = value if best == best and not value <= best else best
        y[i] = best


@helper
def _hand_back(grad_y, x, y, grad_x, pieces):
    zero = grad_x.dtype.type(0)
    for i in range(y.size):
        left = grad_y[i]
        for j in range(pieces):
            position = np.uint64(i * pieces + j)
            won = x[position] == y[i] or x[position] != x[position]
            grad_x[position] = left if won else zero
            left = zero if won else left


# In both kernels, a constant 2 lets the compiler use vector instructions for the usual case.


@kernel
def _maxout(pieces, shape, inputs, input_strides, outputs, output_strides):
    wide = (shape[0], shape[1], shape[2] * pieces)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, wide, index)
        y = row_of(outputs, output_strides, shape, index)
        if pieces == 2:
            _largest(x, y, 2)
        else:
            _largest(x, y, pieces)


@kernel
def _maxout_backward(
    pieces,
    shape,
    grad_outputs,
    grad_strides,
    inputs,
    input_strides,
    outputs,
    output_strides,
    grad_inputs,
    target_strides,
):
    wide = (shape[0], shape[1], shape[2] * pieces)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        x = row_of(inputs, input_strides, wide, index)
        y = row_of(outputs, output_strides, shape, index)
        grad_x = row_of(grad_inputs, target_strides, wide, index)
        if pieces == 2:
            _hand_back(grad_y, x, y, grad_x, 2)
        else:
            _hand_back(grad_y, x, y, grad_x, pieces)
