"""Maxout: the largest of a few neighboring channels (notes §6.1.4)."""

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


def maxout_backward(grad_outputs: Array, inputs: Array, pieces: int, out: Array) -> None:
    """Write each gradient to the input that was largest, the first of equals; 0 to the others.

    ``out`` has the shape of ``inputs`` and shares no memory with either array read.
    """
    _check(inputs, pieces, grad_outputs)
    _check(out, pieces, grad_outputs)
    sources = (*source_rows(grad_outputs), *source_rows(inputs))
    _maxout_backward(pieces, row_shape(grad_outputs.shape), *sources, *target_rows(out))


def _check(wide: Array, pieces: int, narrow: Array) -> None:
    check_types(wide, narrow)
    if wide.shape != (*narrow.shape[:-1], narrow.shape[-1] * pieces):
        raise ValueError(f"{wide.shape} is not {narrow.shape} with {pieces} numbers for each one")


@helper
def _position_of_largest(x, start, pieces):
    best = start
    for i in range(start + 1, start + pieces):
        # True if x[i] is larger, or is the first NaN.
        if x[best] == x[best] and not x[i] <= x[best]:
            best = i
    return best


@kernel
def _maxout(pieces, shape, inputs, input_strides, outputs, output_strides):
    wide = (shape[0], shape[1], shape[2] * pieces)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, wide, index)
        y = row_of(outputs, output_strides, shape, index)
        for i in range(shape[2]):
            y[i] = x[_position_of_largest(x, i * pieces, pieces)]


@kernel
def _maxout_backward(
    pieces, shape, grad_outputs, grad_strides, inputs, input_strides, grad_inputs, target_strides
):
    zero = inputs.dtype.type(0)
    wide = (shape[0], shape[1], shape[2] * pieces)
    for index in prange(shape[0] * shape[1]):
        grad_y = row_of(grad_outputs, grad_strides, shape, index)
        x = row_of(inputs, input_strides, wide, index)
        grad_x = row_of(grad_inputs, target_strides, wide, index)
        for i in range(shape[2]):
            largest = _position_of_largest(x, i * pieces, pieces)
            for j in range(i * pieces, (i + 1) * pieces):
                grad_x[j] = grad_y[i] if j == largest else zero
