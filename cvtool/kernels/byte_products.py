"""Products of stored bytes and weights: a linear classifier that never writes its pixels as floats.

Preprocessing, ``(byte − mean) · inverse_scale``, is folded into the weights, so that the bytes are
multiplied as they are: x·W + b is bytes·(W·inverse_scale) + (b − mean·(W·inverse_scale)). A batch
then takes a quarter of the memory and of the time to move it.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.byte_tile import CLASSES, IMAGES, byte_columns_tile, byte_rows_tile
from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.processor import TILE
from cvtool.kernels.rows import check_types

Array = NDArray[Any]
Bytes = NDArray[np.uint8]

_VECTOR_BYTES = TILE.vector_bytes
_UNIT = 16  # images of a piece of work
_STRIP = 64  # pixels of one: a line of the cache
_BLOCK = 512  # images whose strips stay in the cache, and are summed before they join the others


def fold(weights: Array, bias: Array, mean: Array, inverse_scale: Array) -> tuple[Array, Array]:
    """Fold preprocessing into weights.

    Parameters
    ----------
    weights, bias
        ``(pixels, classes)`` and ``(classes,)`` for preprocessed pixels.
    mean, inverse_scale
        ``(pixels,)``, in units of stored bytes.

    Returns
    -------
    folded
        ``(classes, pixels)``: a row of weights for stored bytes, for each class.
    start
        ``(classes,)``: the scores of an image whose bytes are all zero.
    """
    check_types(weights, bias, mean, inverse_scale)
    _check(weights.shape == (len(mean), len(bias)) and mean.shape == inverse_scale.shape)
    folded = np.empty(weights.shape[::-1], weights.dtype)
    offsets = np.zeros(len(bias))
    _fold(*map(np.ascontiguousarray, (weights, mean, inverse_scale)), folded, offsets)
    return folded, (bias - offsets).astype(bias.dtype)


def multiply_bytes(
    images: Bytes, folded: Array, start: Array, *, rectify: bool = False, out: Array | None = None
) -> Array:
    """Return ``start + images @ folded.T``, with negative sums set to zero if ``rectify``.

    Parameters
    ----------
    images
        ``(n, pixels)`` uint8.
    folded, start
        ``(classes, pixels)`` and ``(classes,)``, float32 or float64; see ``fold``.
    out
        Where to write: ``(n, classes)``, C-contiguous.

    Raises
    ------
    TypeError, ValueError
        If types or shapes do not fit.
    """
    if out is None:
        out = np.empty((len(images), len(folded)), folded.dtype)
    check_types(folded, start, out)
    _check(out.shape == (len(images), len(start)) and out.flags.c_contiguous)
    _check(folded.shape == (len(start), images.shape[1]))
    low = folded.dtype.type(0.0 if rectify else -np.inf)
    _multiply(low, _bytes(images), np.ascontiguousarray(folded), start, out)
    return out


def byte_gradient(
    images: Bytes,
    grad_scores: Array,
    mean: Array,
    inverse_scale: Array,
    *,
    out: Array | None = None,
) -> tuple[Array, Array]:
    """Return the gradients of weights and biases, those that ``fold`` took.

    Parameters
    ----------
    images
        ``(n, pixels)`` uint8.
    grad_scores
        ``(n, classes)``, float32 or float64.
    mean, inverse_scale
        ``(pixels,)``, as for ``fold``.
    out
        Where to write the gradient of the weights: ``(pixels, classes)``, C-contiguous.

    Returns
    -------
    grad_weights, grad_bias
        ``(pixels, classes)``: Σ over images of the preprocessed pixel × gradient; and
        ``(classes,)``: Σ of the gradients.
    """
    if out is None:
        out = np.empty((images.shape[1], grad_scores.shape[1]), grad_scores.dtype)
    check_types(grad_scores, mean, inverse_scale, out)
    _check(out.shape == (images.shape[1], grad_scores.shape[1]) and out.flags.c_contiguous)
    _check(len(images) == len(grad_scores) and mean.shape == inverse_scale.shape == out.shape[:1])
    grads = _whole_groups(grad_scores)
    grad_bias = np.sum(grads[:, : out.shape[1]], axis=0)
    moments = map(np.ascontiguousarray, (mean, inverse_scale))
    _sum_gradients(_bytes(images), grads, *moments, grad_bias, out)
    return out, grad_bias


def _check(fits: bool) -> None:
    if not fits:
        raise ValueError("images, weights, scores and preprocessing do not fit each other")


def _bytes(images: Bytes) -> Bytes:
    """View images as one type, contiguous and read-only, so that kernels are compiled once."""
    if images.dtype != np.uint8:
        raise TypeError(f"a product of bytes needs images of uint8, not {images.dtype}")
    rows = np.ascontiguousarray(images).view()
    rows.flags.writeable = False
    return rows


def _whole_groups(grads: Array) -> Array:
    """Widen gradients with zero columns until tiles cover all classes without a remainder."""
    count, classes = grads.shape
    if classes % CLASSES == 0:
        return np.ascontiguousarray(grads)
    wide = np.zeros((count, classes + -classes % CLASSES), grads.dtype)
    wide[:, :classes] = grads
    return wide


@helper
def _fold(weights, mean, inverse_scale, folded, offsets):
    """Do so little work on one thread, since waking the others would take longer."""
    for number in range(offsets.size):
        row, total = folded[number], 0.0
        for pixel in range(mean.size):
            row[pixel] = weights[pixel, number] * inverse_scale[pixel]
            total += np.float64(mean[pixel]) * np.float64(row[pixel])
        offsets[number] = total


@helper
def _write_offsets(first, count, stride, offsets):
    """Tell where some rows begin, the last one for all that are missing."""
    for index in range(offsets.size):
        offsets[index] = min(first + index, count - 1) * stride


@kernel
def _multiply(low, images, folded, start, out):
    count, pixels = images.shape
    classes = start.size
    whole = pixels - pixels % (_VECTOR_BYTES // out.itemsize)
    for unit in prange((count + _UNIT - 1) // _UNIT):
        rows, columns = np.empty(IMAGES, np.int64), np.empty(CLASSES, np.int64)
        sums = np.zeros((CLASSES, IMAGES), out.dtype)
        for column in range(0, classes, CLASSES):
            _write_offsets(column, classes, pixels, columns)
            for row in range(unit * _UNIT, min((unit + 1) * _UNIT, count), IMAGES):
                _write_offsets(row, count, pixels, rows)
                if whole > 0:
                    byte_rows_tile(
                        low, images.ctypes.data, rows.ctypes.data, folded.ctypes.data,
                        columns.ctypes.data, whole, sums.ctypes.data,
                    )  # fmt: skip
                for i in range(min(IMAGES, count - row)):
                    for j in range(min(CLASSES, classes - column)):
                        score = start[column + j] + sums[j, i]
                        for pixel in range(whole, pixels):
                            score += images[row + i, pixel] * folded[column + j, pixel]
                        out[row + i, column + j] = low if score < low else score


@kernel
def _sum_gradients(images, grads, mean, inverse_scale, grad_bias, out):
    pixels, classes = out.shape
    groups = grads.shape[1] // CLASSES
    for unit in prange((pixels + _STRIP - 1) // _STRIP * groups):
        first, column = unit // groups * _STRIP, unit % groups * CLASSES
        numbers = min(CLASSES, classes - column)
        totals = np.zeros((CLASSES, min(_STRIP, pixels - first)), out.dtype)
        _sum_strip(images, grads, first, column, numbers, totals)
        for at in range(totals.shape[1]):
            pixel = first + at
            for j in range(numbers):
                total = totals[j, at] - mean[pixel] * grad_bias[column + j]
                out[pixel, column + j] = total * inverse_scale[pixel]


@helper
def _sum_strip(images, grads, first, column, numbers, totals):
    """Add up byte × gradient over all images, for a few classes and a strip of pixels."""
    count, width = images.shape[0], totals.shape[1]
    panel = IMAGES * (_VECTOR_BYTES // grads.itemsize)
    whole = width - width % panel
    sums = np.empty((CLASSES, panel), grads.dtype)
    for start in range(0, count, _BLOCK):
        some = min(_BLOCK, count - start)
        for left in range(0, whole, panel):
            byte_columns_tile(
                totals[0, 0], grads[start:, column:].ctypes.data, grads.shape[1],
                images[start:, first + left :].ctypes.data, images.shape[1], some,
                sums.ctypes.data,
            )  # fmt: skip
            for j in range(numbers):
                for at in range(panel):
                    totals[j, left + at] += sums[j, at]
    for image in range(count):
        for j in range(numbers):
            for at in range(whole, width):
                totals[j, at] += grads[image, column + j] * images[image, first + at]
