"""Pixels as floats from 0 to 255, whatever they are stored as.

Bytes stay whole numbers, so that differences and sums of them are exact.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_NUMBERS_AT_ONCE = 2**22


def images_at_once(image_shape: tuple[int, ...]) -> int:
    """Count the images to work on together: a few megabytes of floats, whatever their size."""
    return max(1, _NUMBERS_AT_ONCE // max(1, int(np.prod(image_shape))))


def levels(images: NDArray[Any]) -> Floats:
    """Return gray levels from 0 to 255, C-contiguous, of bytes or of floats from 0 to 1."""
    return _multiplied(images, 1 if images.dtype == np.uint8 else 255)


def shares(images: NDArray[Any]) -> Floats:
    """Return pixels from 0 to 1, C-contiguous, of bytes or of floats that are so already."""
    return _multiplied(images, 1 / 255 if images.dtype == np.uint8 else 1)


def _multiplied(images: NDArray[Any], factor: float) -> Floats:
    out = np.empty(images.shape, np.float32)
    np.multiply(images, np.float32(factor), out=out, dtype=np.float32)
    return out
