"""Pixels as floats from 0 to 255, whatever they are stored as.

Bytes stay whole numbers, so that differences and sums of them are exact.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.batching import assemble


def levels(images: NDArray[Any]) -> NDArray[np.float32]:
    """Return gray levels from 0 to 255, C-contiguous, of bytes or of floats from 0 to 1."""
    return _multiplied(images, 1.0 if images.dtype == np.uint8 else 255.0)


def shares(images: NDArray[Any]) -> NDArray[np.float32]:
    """Return pixels from 0 to 1, C-contiguous, of bytes or of floats that are so already."""
    return _multiplied(images, 1.0 / 255.0 if images.dtype == np.uint8 else 1.0)


def _multiplied(images: NDArray[Any], factor: float) -> NDArray[np.float32]:
    count, *shape = images.shape
    out = np.empty(images.shape, np.float32)
    assemble(
        np.ascontiguousarray(images),
        np.arange(count),
        np.zeros(shape, np.float32),
        np.full(shape, factor, np.float32),
        np.zeros(count, np.bool_),
        np.zeros((count, 2), np.int64),
        out,
    )
    return out
