"""The slow twin of ``cvtool.kernels.byte_products``: preprocess in double precision, multiply."""

import numpy as np


def scores(images, weights, bias, mean, inverse_scale):
    return preprocess(images, mean, inverse_scale) @ weights.astype(np.float64) + bias


def gradients(images, grad_scores, mean, inverse_scale):
    exact = grad_scores.astype(np.float64)
    return preprocess(images, mean, inverse_scale).T @ exact, exact.sum(axis=0)


def preprocess(images, mean, inverse_scale):
    return (images.astype(np.float64) - mean) * inverse_scale
