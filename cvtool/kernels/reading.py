"""Read runs of bytes from anywhere in a file, on all threads.

A look at a mapped file can make two megabytes around it resident, and takes the time to do so. The
system call copies the bytes asked for and no more.
"""

import numpy as np
from numba import prange, types
from numpy.typing import NDArray

from cvtool.kernels.jit import kernel

_pread = types.ExternalFunction(
    "pread", types.intp(types.int32, types.intp, types.uintp, types.int64)
)


def read_rows(file: int, start: int, indices: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """Read rows of equal size from a file, where the system has ``pread``.

    Parameters
    ----------
    file
        Descriptor of an open file.
    start
        Where row 0 begins in it, in bytes.
    indices
        ``(count,)``, which rows.
    size
        Bytes of a row.

    Returns
    -------
    ``(count, size)`` bytes.

    Raises
    ------
    OSError
        If the file ends before, or cannot be read.
    """
    rows = np.empty((len(indices), size), np.uint8)
    lengths = np.full(len(indices), size, np.int64)
    if rows.size:
        _read(file, start, indices, rows, lengths)
    if (lengths != size).any():
        raise OSError(f"row {indices[lengths != size][0]} of {size} bytes cannot be read")
    return rows


@kernel
def _read(file, start, indices, rows, lengths):
    size = rows.shape[1]
    for at in prange(indices.size):
        place = start + size * indices[at]
        lengths[at] = _pread(file, rows[at].ctypes.data, size, place)
