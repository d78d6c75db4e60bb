"""Central differences: the slope of a loss along one coordinate, and whether it is smooth there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cvtool.layers.base import Array


@dataclass(frozen=True)
class Value:
    """A loss, the sum of its absolute terms, and who won at every corner on the way to it."""

    loss: float
    magnitude: float
    winners: bytes


@dataclass(frozen=True)
class Difference:
    """A slope by central differences.

    ``smooth`` says that the same numbers won at x + h and x − h; otherwise there is a kink between
    them, and the slope means nothing.
    """

    slope: float
    step: float
    magnitude: float
    smooth: bool


def central_difference(
    function: Callable[[], Value], array: Array, index: tuple[int, ...], step: float
) -> Difference:
    """Return (f(x + h) − f(x − h)) / 2h for one number x of an array.

    Parameters
    ----------
    function
        Computes the loss from the array's memory.
    array
        Changed in place and put back.
    index
        Which number.
    step
        h. Whole numbers, as stored pixels, are moved by 1 instead. What is divided by is the
        distance of the two numbers as they are stored, which rounding may have made another.
    """
    before = array[index]
    if np.issubdtype(array.dtype, np.integer):
        step = 1.0
        high, low = before + 1, before - 1
    else:
        high, low = array.dtype.type(before + step), array.dtype.type(before - step)
    try:
        array[index] = high
        above = function()
        array[index] = low
        below = function()
    finally:
        array[index] = before
    return Difference(
        slope=(above.loss - below.loss) / (float(high) - float(low)),
        step=step,
        magnitude=max(above.magnitude, below.magnitude),
        smooth=above.winners == below.winners,
    )
