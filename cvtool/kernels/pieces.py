"""Long flat arrays, cut into pieces of a fixed size.

The pieces do not depend on the number of threads. Each is small enough to stay in the cache while a
kernel goes over it twice, and a sum over all is a sum of the pieces' sums in their order.
"""

from typing import Any

from numpy.typing import NDArray

from cvtool.kernels.jit import helper
from cvtool.kernels.rows import check_types

Array = NDArray[Any]

PIECE = 4096


@helper
def piece_count(size):
    """Count the pieces of an array of so many numbers."""
    return (size + PIECE - 1) // PIECE


def flat(*arrays: Array) -> list[Array]:
    """View arrays of one size and type as flat ones.

    Raises
    ------
    ValueError
        If an array is not in one piece, or sizes differ.
    TypeError
        If types differ, or are neither float32 nor float64.
    """
    check_types(*arrays)
    for array in arrays:
        if not array.flags.c_contiguous:
            raise ValueError(f"an array with strides {array.strides} cannot be viewed as flat")
        if array.shape != arrays[0].shape:
            raise ValueError(f"shapes {arrays[0].shape} and {array.shape} differ")
    return [array.reshape(-1) for array in arrays]
