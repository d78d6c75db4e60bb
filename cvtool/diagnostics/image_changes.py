"""Changes to images that leave what they show as it is, or nearly so."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.moments import full_range

Images = NDArray[Any]

_SHIFTS = (1, 2, 3, 4)
_LIGHT = 0.7
_SQUARES = 8


def changes_for(width: int) -> dict[str, Callable[[Images], Images]]:
    """Name the changes that images so wide allow; each returns new images of the same type."""
    shifts = {
        f"shifted by {pixels} pixel{'s' if pixels > 1 else ''}": partial(shift, pixels=pixels)
        for pixels in _SHIFTS
        if pixels < width
    }
    return shifts | {"darkened": darken, "with a box": cover}


def shift(images: Images, pixels: int) -> Images:
    """Move images ``(n, h, w, c)`` to the right; their left edge is repeated."""
    columns = np.maximum(np.arange(images.shape[2]) - pixels, 0)
    return images[:, :, columns]


def darken(images: Images) -> Images:
    """Leave 70 % of the light."""
    darker = images * np.float32(_LIGHT)
    return (darker.round() if images.dtype == np.uint8 else darker).astype(images.dtype)


def cover(images: Images) -> Images:
    """Put a black box over the middle third of both sides."""
    _, height, width, _ = images.shape
    covered = images.copy()
    covered[:, height // 3 : -(-2 * height // 3), width // 3 : -(-2 * width // 3)] = 0
    return covered


def invert(images: Images) -> Images:
    """Flip every value: what was black becomes white."""
    return (full_range(images) - images).astype(images.dtype)


def draw_checkerboard(shape: tuple[int, int, int], dtype: np.dtype[Any]) -> Images:
    """Draw one black-and-white image ``(1, h, w, c)``, eight squares a side where they fit."""
    height, width, channels = shape
    side = max(1, min(height, width) // _SQUARES)
    is_white = np.add.outer(np.arange(height) // side, np.arange(width) // side) % 2
    board = np.repeat(is_white[None, :, :, None], channels, axis=3).astype(dtype)
    return (board * full_range(board)).astype(dtype)
