"""Regularization (notes §3.2): a price on large weights, added to the loss.

The penalties are the notes' own, λ times R(W), and not the ½λΣw² of many libraries, whose λ has to
be twice as large for the same effect. Biases and other offsets go free: they cannot overfit, and
pulling them to 0 would only move the means.
"""

import math
from collections.abc import Iterable
from typing import Any

from numpy.typing import NDArray

from cvtool.kernels.sums import penalize

Array = NDArray[Any]


def penalty(
    kind: str, strength: float, elastic_beta: float, weights: Iterable[tuple[Array, Array]]
) -> float:
    """Return λR(W), having added its gradient to that of the weights.

    Parameters
    ----------
    kind
        ``none``, ``l2``: Σw², ``l1``: Σ|w|, or ``elastic-net``: Σ(βw² + |w|).
    strength
        λ, at least 0.
    elastic_beta
        β, used by the elastic net only.
    weights
        Values and gradients of the parameters that are regularized, contiguous. Where a weight is
        0, the slope of |w| is taken as 0.
    """
    coefficients = {"l2": (1.0, 0.0), "l1": (0.0, 1.0), "elastic-net": (elastic_beta, 1.0)}
    if kind == "none" or strength == 0:
        return 0.0
    square, absolute = coefficients[kind]
    return math.fsum(
        penalize(values, gradient, strength * square, strength * absolute)
        for values, gradient in weights
    )
