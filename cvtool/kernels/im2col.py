"""Convolution as lectures explain it: write the matrix of all windows down, then multiply.

The matrix is ``window height × window width`` times the size of the images, which is why ``direct``
convolution never builds it. Here it is built, to be looked at and to check the other by: the two
files offer the same three functions.
"""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array, Bordered
from cvtool.kernels.products import multiply, transpose
from cvtool.kernels.windows import positions


@kernel
def _im2col(images, window_height, window_width, stride, height, width, columns):
    count, channels = images.shape[0], images.shape[3]
    for place in prange(count * height * width):
        image = place // (height * width)
        top = place // width % height * stride
        left = place % width * stride
        for row in range(window_height):
            for column in range(window_width):
                first = (row * window_width + column) * channels
                for channel in range(channels):
                    value = images[image, top + row, left + column, channel]
                    columns[place, first + channel] = value


@kernel
def _col2im(columns, window_height, window_width, stride, height, width, images):
    count, channels = images.shape[0], images.shape[3]
    # One thread adds up a whole image, because its windows overlap.
    for image in prange(count):
        images[image] = 0
        for place in range(height * width):
            top, left = place // width * stride, place % width * stride
            for row in range(window_height):
                for column in range(window_width):
                    first = (row * window_width + column) * channels
                    for channel in range(channels):
                        value = columns[image * height * width + place, first + channel]
                        images[image, top + row, left + column, channel] += value


def im2col(images: Array, window: tuple[int, int], stride: int = 1) -> Array:
    """Write every window down as one row.

    Parameters
    ----------
    images
        ``(n, height, width, channels)``, C-contiguous, padding included.
    window
        Rows and columns of a window.
    stride
        Pixels from one place of the window to the next.

    Returns
    -------
    ``(n · height₂ · width₂, window height · window width · channels)``.
    """
    count, high, wide, channels = images.shape
    height, width = positions(high, window[0], stride, 0), positions(wide, window[1], stride, 0)
    columns = np.empty((count * height * width, window[0] * window[1] * channels), images.dtype)
    _im2col(images, *window, stride, height, width, columns)
    return columns


def col2im(
    columns: Array, shape: tuple[int, int, int, int], window: tuple[int, int], stride: int = 1
) -> Array:
    """Add every row back to the pixels its window covers: the adjoint of ``im2col``.

    ``shape`` is that of the images, ``(n, height, width, channels)``, padding included.
    """
    images = np.empty(shape, columns.dtype)
    height, width = (
        positions(size, length, stride, 0) for size, length in zip(shape[1:3], window, strict=True)
    )
    _col2im(columns, *window, stride, height, width, images)
    return images


def convolve(
    images: Bordered,
    filters: Array,
    bias: Array | None = None,
    *,
    stride: int = 1,
    rectify: bool = False,
    out: Array | None = None,
) -> Array:
    """Multiply the im2col matrix by the filters; see ``convolution.convolve``."""
    rows, columns, channels, count = filters.shape
    matrix = filters.reshape(rows * columns * channels, count)
    windows = im2col(images.whole, (rows, columns), stride)
    result = multiply(windows, matrix, bias, rectify=rectify)
    high, wide = images.whole.shape[1:3]
    height, width = positions(high, rows, stride, 0), positions(wide, columns, stride, 0)
    result = result.reshape(-1, height, width, count)
    if out is None:
        return result
    out[...] = result
    return out


def convolve_grad_images(
    grads: Bordered,
    filters: Array,
    *,
    stride: int,
    padding: int,
    out: Array,
    mask: Array | None = None,
) -> Array:
    """Multiply by the transposed filters and add the windows up; see ``convolution``."""
    rows, columns, channels, count = filters.shape
    matrix = transpose(filters.reshape(rows * columns * channels, count))
    windows = multiply(np.ascontiguousarray(grads.inside).reshape(-1, count), matrix)
    images, height, width, _ = out.shape
    bordered = (images, height + 2 * padding, width + 2 * padding, channels)
    whole = col2im(windows, bordered, (rows, columns), stride)
    inside = whole[:, padding : height + padding, padding : width + padding]
    out[...] = inside if mask is None else np.where(mask > 0, inside, 0)
    return out


def convolve_grad_filters(
    images: Bordered, grads: Bordered, *, stride: int, out: Array, bias: Array | None = None
) -> Array:
    """Multiply the transposed im2col matrix by the gradient; see ``convolution``."""
    rows, columns, _, count = out.shape
    windows = im2col(images.whole, (rows, columns), stride)
    matrix = np.ascontiguousarray(grads.inside).reshape(-1, count)
    multiply(transpose(windows), matrix, out=out.reshape(-1, count))
    if bias is not None:
        np.sum(matrix, axis=0, out=bias)
    return out
