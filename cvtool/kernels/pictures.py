"""Images of any size as small gray pictures, all alike: what resemblance is judged by.

Colors and fine grain are what re-saving, tinting and resizing change first, and what people look at
last; a picture of 32×32 gray levels still shows what an image is of.
"""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import helper, kernel

Array = NDArray[Any]

SIDE = 32
"""Height and width of a picture."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as in JPEG and Pillow


def gray_pictures(images: Array) -> NDArray[np.float32]:
    """Turn images into gray levels from 0 to 255, resized with antialiasing.

    Parameters
    ----------
    images
        ``(n, height, width, 1 or 3)``, uint8 from 0 to 255 or floats, of which 1 is taken as 255.

    Returns
    -------
    ndarray
        ``(n, SIDE, SIDE)`` float32.

    Raises
    ------
    ValueError
        If images have neither one channel nor three.
    """
    count, height, width, channels = images.shape
    if channels not in (1, 3):
        raise ValueError(f"images have one channel or three, not {channels}")
    # Two types, whether mapped, writable or not, so that the kernel is compiled for two.
    full = np.float32(1 if images.dtype == np.uint8 else 255)
    images = images if images.dtype == np.uint8 else images.astype(np.float32, copy=False)
    stored = np.ascontiguousarray(images).view()
    stored.flags.writeable = False
    weights = full * (_LUMA if channels == 3 else np.ones(1, np.float32))
    out = np.zeros((count, SIDE, SIDE), np.float32)
    _gray_pictures(stored, weights, resizing(height), resizing(width).T.copy(), out)
    return out


def resizing(size: int) -> NDArray[np.float32]:
    """Return the matrix ``(SIDE, size)`` that resizes a row of so many pixels, linearly.

    Each new pixel is a mean of those around its place, under a triangle one new pixel wide or,
    where that is more, one old pixel; of ``SIDE`` pixels nothing changes.
    """
    scale = size / SIDE
    centers = (np.arange(SIDE) + 0.5) * scale
    distances = np.abs(np.arange(size) + 0.5 - centers[:, np.newaxis]) / max(scale, 1.0)
    weights = np.maximum(1 - distances, 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


@kernel
def _gray_pictures(images, weights, rows, columns, out):
    for index in prange(len(images)):
        image, picture = images[index], out[index]
        for y in range(image.shape[0]):
            narrow = _gray_row(image[y], weights, columns)
            for row in range(picture.shape[0]):
                if rows[row, y] != 0:
                    _add_scaled(rows[row, y], narrow, picture[row])


@helper
def _gray_row(pixels, weights, columns):
    """Return one row of an image in gray, as wide as a picture."""
    narrow = np.zeros(columns.shape[1], np.float32)
    for x in range(pixels.shape[0]):
        gray = np.float32(0)
        for channel in range(pixels.shape[1]):
            gray += weights[channel] * np.float32(pixels[x, channel])
        _add_scaled(gray, columns[x], narrow)
    return narrow


@helper
def _add_scaled(factor, source, target):
    for i in range(target.size):
        target[i] += factor * source[i]
