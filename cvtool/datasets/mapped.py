"""Arrays larger than memory: mapped from a file, gone through a few megabytes at a time.

Pages of a mapped file that have been read count as the process's memory until the system needs
them for something else. Whoever goes through many images lets go of them on the way; they stay in
the system's cache of files, so that reading them again is cheap.
"""

import mmap
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BYTES_AT_ONCE = 2**24


def images_at_once(images: NDArray[Any]) -> int:
    """Count the images to take together when all are gone through in their order."""
    return max(1, _BYTES_AT_ONCE // max(1, images[:1].nbytes))


def chunks(images: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield position and images of one chunk after another, and let go of each afterwards."""
    count = images_at_once(images)
    for start in range(0, len(images), count):
        yield start, images[start : start + count]
        release(images)


def release(images: NDArray[Any]) -> None:
    """Let go of the pages of a mapped array that have been read; others are left alone."""
    mapping = _mapping(images)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
        with suppress(ValueError, OSError):  # closed, or not to be advised on this system
            mapping.madvise(mmap.MADV_DONTNEED)


def mapped_file(images: NDArray[Any]) -> tuple[str, int] | None:
    """Tell which file a mapped array is in, in one piece, and at which byte it begins."""
    if _mapping(images) is None or not images.flags.c_contiguous:
        return None
    root: Any = images
    while isinstance(root.base, np.ndarray):
        root = root.base
    if not isinstance(root, np.memmap) or root.filename is None:
        return None
    first, begin = (each.__array_interface__["data"][0] for each in (root, images))
    return str(root.filename), int(root.offset + begin - first)


def _mapping(array: Any) -> mmap.mmap | None:
    """Find the read-only mapping below an array and its views, if there is one."""
    if array.flags.writeable:
        return None
    while isinstance(array, np.ndarray):
        array = array.base
    return array if isinstance(array, mmap.mmap) else None
