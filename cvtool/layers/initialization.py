"""How weights start (notes §6.3).

The notes list "variances" after Kumar (2017), *On weight initialization in deep neural networks*.
Their 1/√N for tanh and √12.8/√N for sigmoid are standard deviations, and He's is √(2/N), the root
of the variance 2/N, not 2/√N.
"""

from collections.abc import Mapping
from math import sqrt

import numpy as np

from cvtool.layers.base import Array, Initializer, Shape

SMALL = 0.01


def zero(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Start from 0: all neurons of a layer stay alike, which the notes warn of."""
    return np.zeros(shape)


def constant(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Start from 0.01: not 0, and no better."""
    return np.full(shape, SMALL)


def normal(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Draw with standard deviation 0.01, whatever the number of inputs."""
    return random.normal(0, SMALL, shape)


def xavier(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Draw with standard deviation 1/√N, for tanh (Glorot and Bengio 2010)."""
    return random.normal(0, 1 / sqrt(inputs), shape)


def he(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Draw with standard deviation √(2/N): rectifiers halve the variance (He et al. 2015)."""
    return random.normal(0, sqrt(2 / inputs), shape)


def sigmoid(shape: Shape, inputs: int, random: np.random.Generator) -> Array:
    """Draw with standard deviation √12.8/√N, about 3.6/√N (Kumar 2017)."""
    return random.normal(0, sqrt(12.8 / inputs), shape)


def initializer_for(activation: str) -> str:
    """Name the initializer that suits what follows the weights.

    Parameters
    ----------
    activation
        Formula of a layer, as ``leaky-relu0.1``; anything else, or nothing, gets ``xavier``, which
        keeps the variance of a linear layer.
    """
    return _SUITED.get(activation.rstrip("0123456789."), "xavier")


_SUITED = {
    "relu": "he",
    "leaky-relu": "he",
    "prelu": "he",
    "elu": "he",
    "maxout": "he",
    "tanh": "xavier",
    "sigmoid": "sigmoid",
}

INITIALIZERS: Mapping[str, Initializer] = {
    "zero": zero,
    "constant": constant,
    "normal": normal,
    "xavier": xavier,
    "he": he,
    "sigmoid": sigmoid,
}
