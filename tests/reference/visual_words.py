"""The slow twin of ``cvtool.kernels.visual_words``: one image, patch by patch."""

import numpy as np


def count_words(levels, mean, whitening, words, patches, coding):
    height, width, _ = levels.shape
    down, across = ((size - patches.side) // patches.stride + 1 for size in (height, width))
    out = np.zeros((patches.cells, patches.cells, len(words)))
    for y in range(down):
        for x in range(across):
            top, left = y * patches.stride, x * patches.stride
            patch = levels[top : top + patches.side, left : left + patches.side].ravel()
            white = (normalized(patch.astype(np.float64)) - mean) @ whitening
            distances = np.sqrt(((white - words) ** 2).sum(axis=1))
            cell = y * patches.cells // down, x * patches.cells // across
            out[cell] += triangle(distances) if coding == "triangle" else hard(distances)
    return out.ravel()


def normalized(patch):
    """Bring a patch to mean 0 and, but for a faint one, to variance 1."""
    return (patch - patch.mean()) / np.sqrt(patch.var() + 10)


def triangle(distances):
    return np.maximum(0, distances.mean() - distances)


def hard(distances):
    return np.arange(len(distances)) == distances.argmin()
