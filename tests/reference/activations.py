"""The slow twins of the element-wise kernels: one number, one formula, Python's own mathematics.

Each is a pair, the function of x and its derivative.
"""

import math

import numpy as np


def relu(x):
    return x if math.isnan(x) else max(0.0, x)


def relu_derivative(x):
    return float(x > 0)


def leaky_relu(x, slope):
    return x if x > 0 else slope * x


def leaky_relu_derivative(x, slope):
    return 1.0 if x > 0 else slope


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_derivative(x):
    return 1 - math.tanh(x) ** 2


def elu(x, alpha):
    return x if x > 0 else alpha * math.expm1(x)


def elu_derivative(x, alpha):
    return 1.0 if x > 0 else alpha * math.exp(x)


def each(function, array, *numbers):
    """Apply a function to the numbers of an array, one after the other."""
    results = [function(float(x), *numbers) for x in array.ravel()]
    return np.array(results, np.float64).reshape(array.shape)


def prelu(inputs, slopes):
    outputs = np.empty(inputs.shape)
    for index in np.ndindex(inputs.shape):
        outputs[index] = leaky_relu(inputs[index], slopes[index[-1]])
    return outputs


def prelu_backward(grad_outputs, inputs, slopes):
    grad_inputs, grad_slopes = np.empty(inputs.shape), np.zeros(slopes.shape)
    for index in np.ndindex(inputs.shape):
        x, gradient = float(inputs[index]), float(grad_outputs[index])
        grad_inputs[index] = gradient * leaky_relu_derivative(x, slopes[index[-1]])
        if not x > 0:
            grad_slopes[index[-1]] += gradient * x
    return grad_inputs, grad_slopes


def maxout(inputs, pieces):
    channels = inputs.shape[-1] // pieces
    return inputs.reshape(*inputs.shape[:-1], channels, pieces).max(axis=-1)


def maxout_backward(grad_outputs, inputs, pieces):
    groups = inputs.reshape(-1, pieces)
    grad_inputs = np.zeros_like(groups)
    for group, gradient, grad in zip(groups, grad_outputs.ravel(), grad_inputs, strict=True):
        grad[np.argmax(group)] = gradient
    return grad_inputs.reshape(inputs.shape)


def drop(inputs, rate, key):
    """Drop where SplitMix64, seeded by ``key``, is below the rate's share of 2⁶⁴."""
    outputs = np.empty_like(inputs)
    scale = outputs.dtype.type(1 / (1 - rate))
    for position, x in enumerate(inputs.ravel()):
        bits = (key + (position + 1) * 0x9E3779B97F4A7C15) % 2**64
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % 2**64
        bits ^= bits >> 31
        outputs.flat[position] = 0 if bits < rate * 2**64 else x * scale
    return outputs
