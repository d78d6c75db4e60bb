"""eˣ − 1 in a form that compiles to vector instructions.

A call to the C library's ``exp`` for one number at a time takes fifteen times as long, and its last
bit depends on the library.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload


def exponential_less_one(x: Any) -> Any:
    """Return eˣ − 1 to the last bit or two; for kernels only.

    With n the whole number nearest to x / ln 2 and r = x − n ln 2, eˣ is 2ⁿeʳ, and
    eʳ − 1 = r(1 + r/2 (1 + r/3 (1 + …))) needs few terms since |r| ≤ ½ ln 2. Beyond the range of
    the type the result stays at the largest number; NaN stays NaN.
    """
    raise NotImplementedError("exponential_less_one is compiled into kernels")


def _type_two_to_the_low_bits(_context, shifted):
    """Return 2ⁿ, where n stands in the last bits of ``shifted``."""
    bits, mantissa = (32, 23) if shifted == types.float32 else (64, 52)
    bias = (1 << (bits - mantissa - 2)) - 1

    def codegen(_context, builder, _signature, arguments):
        whole = ir.IntType(bits)
        number = builder.bitcast(arguments[0], whole)
        exponent = builder.add(builder.shl(number, whole(mantissa)), whole(bias << mantissa))
        return builder.bitcast(exponent, arguments[0].type)

    return shifted(shifted), codegen


_two_to_the_low_bits: Any = intrinsic(_type_two_to_the_low_bits)


def _implementation(
    real: type[np.floating[Any]], terms: int, range_: tuple[float, float], ln2: tuple[float, float]
) -> Callable[[Any], Any]:
    """Write the function down for one type; ``ln2`` is its value in two parts, high and rest.

    The high part has zeros for last bits, which makes n times it exact.
    """
    lowest, highest = real(range_[0]), real(range_[1])
    ln2_high, ln2_rest = real(ln2[0]), real(ln2[1])
    reciprocals = tuple(real(1 / k) for k in range(terms, 0, -1))
    # Adding a number this large pushes all digits after the point out of the mantissa.
    rounding = real(1.5 * 2.0 ** np.finfo(real).nmant)
    zero, one, per_ln2 = real(0), real(1), real(1 / math.log(2))

    def compute(x):
        x = lowest if x < lowest else x
        x = highest if x > highest else x
        shifted = x * per_ln2 + rounding
        n = shifted - rounding
        rest = (x - n * ln2_high) - n * ln2_rest
        total = zero
        for reciprocal in reciprocals:
            step = rest * reciprocal
            total = step + step * total
        power = _two_to_the_low_bits(shifted)
        return power * total + (power - one)

    return compute


_IMPLEMENTATIONS = {
    types.float32: _implementation(np.float32, 7, (-87.0, 88.0), (0.693359375, -2.12194440e-4)),
    types.float64: _implementation(
        np.float64, 13, (-708.0, 709.0), (0.693147180369123816490, 1.90821492927058770002e-10)
    ),
}


@overload(exponential_less_one, jit_options={"error_model": "numpy"})
def _choose(x):
    return _IMPLEMENTATIONS.get(x)
