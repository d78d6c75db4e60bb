"""Batches to try kernels and layers on, laid out in memory as they come."""

import numpy as np


def random_batch(shape, dtype, seed=0, scale=2.0):
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype(dtype)


def inside_border(batch, border=1):
    """Copy images into a border of sevens and return the view of them."""
    images, height, width, channels = batch.shape
    whole = np.full((images, height + 2 * border, width + 2 * border, channels), 7, batch.dtype)
    inside = whole[:, border : border + height, border : border + width]
    inside[...] = batch
    return inside


def whole_numbers(shape, dtype, seed=0, largest=4):
    """Draw small whole numbers, whose sums of products are exact in any order."""
    numbers = np.random.default_rng(seed).integers(-largest, largest + 1, shape)
    return numbers.astype(dtype)
