"""The sum of two batches, for branches that meet again."""

import numpy as np
from numba import prange

from cvtool.kernels.jit import kernel
from cvtool.kernels.rows import Array, row_of, rows


def add(
    one: Array, other: Array, *, share: float = 1.0, rectify: bool = False, out: Array
) -> Array:
    """Write ``share·one + other``, negative sums as zero if ``rectify``.

    All are of one shape ``(images, …)`` and one type; ``out`` may be one of the two.
    """
    low = out.dtype.type(0 if rectify else -np.inf)
    _add(low, out.dtype.type(share), *rows(one, other, out=out))
    return out


@kernel
def _add(low, share, shape, one, one_strides, other, other_strides, out, out_strides):
    for index in prange(shape[0] * shape[1]):
        x = row_of(one, one_strides, shape, index)
        y = row_of(other, other_strides, shape, index)
        z = row_of(out, out_strides, shape, index)
        for i in range(shape[2]):
            total = share * x[i] + y[i]
            z[i] = low if total < low else total
