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


def chunks(images: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield position and images of one chunk after another, and let go of each afterwards."""
    step = max(1, _BYTES_AT_ONCE // max(1, images[:1].nbytes))
    for start in range(0, len(images), step):
        yield start, images[start : start + step]
        release(images)


def release(images: NDArray[Any]) -> None:
    """Let go of the pages of a mapped array that have been read; others are left alone."""
    mapping = _mapping(images)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
        with suppress(ValueError, OSError):  # closed, or not to be advised on this system
            mapping.madvise(mmap.MADV_DONTNEED)


def _mapping(array: Any) -> mmap.mmap | None:
    """Find the read-only mapping below an array and its views, if there is one."""
    if array.flags.writeable:
        return None
    while isinstance(array, np.ndarray):
        array = array.base
    return array if isinstance(array, mmap.mmap) else None
