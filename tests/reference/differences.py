"""The gradient by central differences: what every analytic gradient must agree with."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reference.threads import one_thread


def numerical_gradient(
    function: Callable[[NDArray[Any]], float], array: NDArray[Any], step: float = 1e-5
) -> NDArray[np.float64]:
    """Return (f(x + h) − f(x − h)) / 2h for each number x of a float64 array.

    The array is changed in place and put back, so ``function`` may ignore its argument and look
    at something that shares its memory, as the values of a parameter.
    """
    gradient = np.zeros(array.shape)
    with one_thread():
        for index in np.ndindex(array.shape):
            before = array[index]
            array[index] = before + step
            above = function(array)
            array[index] = before - step
            below = function(array)
            array[index] = before
            gradient[index] = (above - below) / (2 * step)
    return gradient
