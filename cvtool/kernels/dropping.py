"""Dropout by counting: whether a number is dropped is a hash of a key and its position.

The mask is never written down. The backward pass makes it again from the key, and the threads need
not share a random generator, so their number cannot matter.
"""

import numpy as np
from numba import prange

from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.rows import Array, row_of, rows

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def drop(inputs: Array, rate: float, key: int, out: Array) -> None:
    """Write 0 for a share ``rate`` of the numbers and x / (1 − rate) for the others.

    Parameters
    ----------
    inputs, out
        ``(images, …)``, one shape and type; both may be one array.
    rate
        Probability of being dropped, from 0 to below 1.
    key
        64 random bits that say, with a number's position in the batch, whether it is dropped.
    """
    # Below rate 1 the product is at most 2⁶⁴ − 2¹¹, a rate being a multiple of 2⁻⁵³.
    threshold = np.uint64(int(rate * 2**64))
    scale = out.dtype.type(1 / (1 - rate))
    _drop(threshold, scale, np.uint64(key), *rows(inputs, out=out))


@helper
def _random_bits(key, position):
    """Return number ``position`` of SplitMix64 seeded by ``key`` (Steele et al. 2014)."""
    bits = key + (position + np.uint64(1)) * _STEP
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_1
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_2
    return bits ^ (bits >> np.uint64(31))


@kernel
def _drop(threshold, scale, key, shape, inputs, input_strides, outputs, output_strides):
    zero = inputs.dtype.type(0)
    for index in prange(shape[0] * shape[1]):
        x = row_of(inputs, input_strides, shape, index)
        y = row_of(outputs, output_strides, shape, index)
        first = np.uint64(index * shape[2])
        for i in range(shape[2]):
            bits = _random_bits(key, first + np.uint64(i))
            y[i] = zero if bits < threshold else x[i] * scale
