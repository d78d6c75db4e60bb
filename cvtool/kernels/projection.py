"""What is left of a vector once all that others explain is taken out of it."""

import numpy as np

from cvtool.kernels.jit import helper

_DEPENDENT = 1e-6
"""A vector that keeps a smaller share of its square depends on those before it."""


@helper
def unexplained(products):
    """Return the squared norm of the first vector less its projection onto the others.

    ``products`` ``(n, n)`` float64 are the inner products of all vectors; they are used up: one
    vector after another is eliminated, as in Cholesky's method.
    """
    size = len(products)
    smallest = np.empty(size)
    for i in range(size):
        smallest[i] = _DEPENDENT * products[i, i]
    for pivot in range(1, size):
        height = products[pivot, pivot]
        if height <= smallest[pivot]:
            continue
        for i in range(size):
            if i == 0 or i > pivot:
                factor = products[i, pivot] / height
                for j in range(size):
                    if j == 0 or j > pivot:
                        products[i, j] -= factor * products[pivot, j]
    return max(products[0, 0], 0.0)
