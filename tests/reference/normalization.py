"""The slow twin of batch normalization (§6.4): one channel after the other, in exact sums.

A channel is a neuron: its values are those of all images and of all positions in them.
"""

import math

import numpy as np


def channels(array):
    """Split ``(…, channels)`` into one list of numbers a channel."""
    return [values.astype(np.float64).tolist() for values in array.reshape(-1, array.shape[-1]).T]


def join(values, shape, dtype=np.float64):
    """Undo ``channels``."""
    return np.array(values, dtype).T.reshape(shape)


def mean(values):
    return math.fsum(values) / len(values)


def moments(inputs):
    """Return the mean μ and the variance σ² of every channel."""
    means = [mean(values) for values in channels(inputs)]
    variances = [
        mean([(y - center) ** 2 for y in values])
        for values, center in zip(channels(inputs), means, strict=True)
    ]
    return np.array(means), np.array(variances)


def batch_norm(inputs, gamma, beta, epsilon):
    """Return γ·(y − μ)/√(σ² + ε) + β."""
    results = []
    for values, mu, square, g, b in zip(
        channels(inputs), *moments(inputs), gamma, beta, strict=True
    ):
        results.append([g * (y - mu) / math.sqrt(square + epsilon) + b for y in values])
    return join(results, inputs.shape)


def batch_norm_grad(grads, inputs, gamma, epsilon):
    """Return the gradients of inputs, γ and β.

    With ŷ = (y − μ)/σ, a loss with gradient g has ∂/∂β = Σg, ∂/∂γ = Σg·ŷ and, because every y moves
    μ and σ too, ∂/∂y = γ/σ · (g − mean(g) − ŷ·mean(g·ŷ)).
    """
    grad_inputs, grad_gamma, grad_beta = [], [], []
    for values, grad, mu, square, g in zip(
        channels(inputs), channels(grads), *moments(inputs), gamma, strict=True
    ):
        deviation = math.sqrt(square + epsilon)
        normal = [(y - mu) / deviation for y in values]
        products = [a * b for a, b in zip(grad, normal, strict=True)]
        grad_beta.append(math.fsum(grad))
        grad_gamma.append(math.fsum(products))
        grad_inputs.append(
            [
                g / deviation * (a - mean(grad) - b * mean(products))
                for a, b in zip(grad, normal, strict=True)
            ]
        )
    return join(grad_inputs, inputs.shape), np.array(grad_gamma), np.array(grad_beta)
