"""Arrays as rows of neighboring numbers: how element-wise kernels see images.

A batch ``(images, height, width, channels)`` is often the interior of a buffer with a border of
zeros, from which the next convolution reads. Each image row of ``width × channels`` numbers is then
in one piece but the rows are apart. A kernel that took such a view as it is would compute an
address for each number and lose its vector instructions, so it is given the memory as one flat
array together with the distances between images and between rows.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cvtool.kernels.jit import helper

Array = NDArray[Any]
RowShape = tuple[int, int, int]
"""Images, rows in each, numbers in each row."""
Rows = tuple[Array, tuple[int, int]]
"""Flat memory, and the distances in it from image to image and from row to row."""


@helper
def row_of(numbers, strides, shape, index):
    """Return row ``index``, counted through all images, as a contiguous array."""
    start = index // shape[1] * strides[0] + index % shape[1] * strides[1]
    return numbers[start : start + shape[2]]


def rows(*sources: Array, out: Array) -> tuple[Any, ...]:
    """Describe arrays of one shape and type to a kernel: shape, then memory and strides of each.

    Raises
    ------
    ValueError
        If shapes differ, or the rows of ``out`` are not in one piece.
    TypeError
        If types differ, or are neither float32 nor float64.
    """
    for source in sources:
        if source.shape != out.shape:
            raise ValueError(f"shapes {source.shape} and {out.shape} differ")
    check_types(*sources, out)
    described = [part for source in sources for part in source_rows(source)]
    return (row_shape(out.shape), *described, *target_rows(out))


def check_types(*arrays: Array) -> None:
    """Hold arrays to one type, float32 or float64.

    Raises
    ------
    TypeError
        If they are of another, or of several.
    """
    types = {array.dtype for array in arrays}
    if len(types) > 1 or not types <= {np.dtype(np.float32), np.dtype(np.float64)}:
        names = " and ".join(sorted(map(str, types)))
        raise TypeError(f"kernels take arrays of float32 or all of float64, not {names}")


def row_shape(shape: tuple[int, ...]) -> RowShape:
    """Count images, rows and numbers; anything but images has one row for each first index."""
    if len(shape) == 4:
        images, height, width, channels = shape
        return images, height, width * channels
    return 1, shape[0], prod(shape[1:])


def source_rows(array: Array) -> Rows:
    """Describe an array to read from, copied if its rows are not in one piece."""
    return _describe(array if _has_rows(array) else np.ascontiguousarray(array))


def target_rows(array: Array) -> Rows:
    """Describe an array to write into.

    Raises
    ------
    ValueError
        If its rows are not in one piece, or it is read-only.
    """
    if not array.flags.writeable:
        raise ValueError("a kernel cannot write into a read-only array")
    if not _has_rows(array):
        raise ValueError(f"a kernel writes whole rows, which strides {array.strides} tear apart")
    return _describe(array)


def _has_rows(array: Array) -> bool:
    if array.flags.c_contiguous:
        return True
    leading = 2 if array.ndim == 4 else 1
    first_row = array[(0,) * leading] if array.size else array
    return min(array.strides[:leading]) >= 0 and bool(first_row.flags.c_contiguous)


def _describe(array: Array) -> Rows:
    steps = [stride // array.itemsize for stride in array.strides]
    strides = (steps[0], steps[1]) if array.ndim == 4 else (0, steps[0])
    if array.flags.c_contiguous:
        return array.reshape(-1), strides
    span = 1 + sum((size - 1) * step for size, step in zip(array.shape, steps, strict=True))
    return as_strided(array, (span,), (array.itemsize,)), strides
