"""Sines made of sums and products alone, so that every machine draws the same bits.

NumPy's own depend, in the last bit, on the vector instructions of the processor.
"""

from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TERMS = 7  # the next one would be below 1e-9


def sine(turns: Array) -> Array:
    """Return sin 2πt by its Taylor series, t being brought to within a quarter turn of 0."""
    within = turns - np.floor(turns + 0.5)
    within = np.where(abs(within) > 0.25, np.copysign(0.5, within) - within, within)
    angle = (2 * np.pi) * within
    square = angle * angle
    total = np.zeros_like(angle)
    for power in range(2 * _TERMS - 1, 0, -2):
        total *= square
        total += (1 if power % 4 == 1 else -1) / factorial(power)
    return total * angle


def direction(turns: Array) -> Array:
    """Return the unit vectors ``(…, 2)`` that point this many turns from the first axis."""
    return np.stack([sine(turns + 0.25), sine(turns)], axis=-1)
