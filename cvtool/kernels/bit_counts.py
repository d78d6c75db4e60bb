"""The number of bits that are set: one instruction on the processors of this century."""

from typing import Any

from numba import types
from numba.extending import intrinsic


@intrinsic
def count_bits(typing_context: Any, bits: Any) -> Any:
    """Count the bits set in an unsigned integer of 64 bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate
