"""Where a window that moves over an image stands, in closed form and as tables of offsets."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.processor import TILE

# Pixels that make tiles worth while: smaller maps are taken several images at a time.
_ENOUGH_PIXELS = 256


def positions(size: int, window: int, stride: int, padding: int) -> int:
    """Count the places of a window along one axis: (size + 2·padding − window)/stride + 1, §5.1.

    A window that does not fit evenly never sees the last rows; one that does not fit at all has no
    place, and the count is then zero.
    """
    return max(0, (size + 2 * padding - window) // stride + 1)


@lru_cache(maxsize=1024)
def offset_table(
    counts: tuple[int, int, int], distances: tuple[int, int, int]
) -> NDArray[np.int64]:
    """List the offsets of all pixels of a group of images, repeating the last to fill a tile.

    Parameters
    ----------
    counts
        Images, rows and columns.
    distances
        From an image, a row and a column to the next, in numbers.
    """
    axes = [np.arange(count) * step for count, step in zip(counts, distances, strict=True)]
    pixels = (axes[0][:, None, None] + axes[1][:, None] + axes[2]).ravel()
    tiles = -(-pixels.size // TILE.rows)
    offsets = np.full(tiles * TILE.rows, pixels[-1], np.int64)
    offsets[: pixels.size] = pixels
    offsets.flags.writeable = False
    return offsets


def group_size(images: int, pixels: int) -> int:
    """Choose how many images to tile together, so that few tiles are filled by repetition."""
    return max(1, min(images, _ENOUGH_PIXELS // pixels))


def groups(images: int, size: int) -> list[tuple[int, int, int]]:
    """Cut images into groups of equal size: ``(first image, groups, images in each)``.

    A remainder is a second entry with one smaller group.
    """
    whole, rest = divmod(images, size)
    cuts = [(0, whole, size)] if whole else []
    return [*cuts, (whole * size, 1, rest)] if rest else cuts
