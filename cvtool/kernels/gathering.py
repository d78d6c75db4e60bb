"""Gather stored images into a batch, as they are."""

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.jit import kernel

Array = NDArray[Any]


def gather(images: Array, indices: Array, out: Array) -> None:
    """Copy ``images[indices]`` into ``out``, on all threads.

    Parameters
    ----------
    images
        ``(n, …)`` of any type; where it is not C-contiguous, one thread copies.
    indices
        ``(batch,)`` integers from 0 to n − 1.
    out
        ``(batch, …)`` of the same type, C-contiguous.

    Raises
    ------
    TypeError, ValueError
        If types or shapes do not fit each other.
    IndexError
        If there are no images of such indices.
    """
    if images.dtype != out.dtype:
        raise TypeError(f"images of {images.dtype} are not gathered as {out.dtype}")
    if out.shape != (len(indices), *images.shape[1:]) or not out.flags.c_contiguous:
        raise ValueError(f"{len(indices)} images of {images.shape[1:]} do not make {out.shape}")
    if not out.size:
        return
    if indices.min() < 0 or indices.max() >= len(images):
        raise IndexError(f"indices must be from 0 to {len(images) - 1}")
    if not images.flags.c_contiguous:
        out[...] = images[indices]
        return
    # Rows of bytes, read-only, whatever the images are: the kernel is compiled for one type.
    stored = np.asarray(images).reshape(len(images), -1).view(np.uint8)
    stored.flags.writeable = False
    _gather(stored, indices, out.reshape(len(out), -1).view(np.uint8))


@kernel
def _gather(images, indices, out):
    for position in prange(indices.size):
        row, target = images[indices[position]], out[position]
        for at in range(target.size):
            target[at] = row[at]
