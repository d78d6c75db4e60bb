"""Bounds on gradients and weights."""

from collections.abc import Sequence
from math import fsum, sqrt

from cvtool.kernels.norms import limit_column_norms
from cvtool.kernels.sums import sum_of_squares
from cvtool.layers.base import Parameter


def clip_gradients(parameters: Sequence[Parameter], limit: float) -> float:
    """Scale all gradients down, alike, to a total norm of at most ``limit``.

    Their direction stays (Pascanu et al. 2013). The norm before is returned; where it is NaN, as
    after divergence, nothing is changed.
    """
    norm = sqrt(fsum(sum_of_squares(parameter.gradient) for parameter in parameters))
    if norm > limit:
        for parameter in parameters:
            parameter.gradient *= limit / norm
    return norm


def limit_norms(parameters: Sequence[Parameter], limit: float) -> None:
    """Scale the incoming weights of each neuron or filter down to a norm of at most ``limit``.

    This is max norm regularization (notes §3.2; Srivastava et al. 2014), done after each step.
    Weights have the neurons on their last axis, ``(…, neurons)``; what is not regularized, such as
    biases, is left alone.
    """
    for parameter in parameters:
        if parameter.regularized:
            values = parameter.values
            limit_column_norms(values.reshape(-1, values.shape[-1]), limit)
