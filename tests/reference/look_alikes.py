"""The slow twins of ``cvtool.kernels.signatures`` and ``look_alikes``: one picture, or pair."""

import numpy as np

SIDE = 32


def wave(picture, y_swings, x_swings):
    """Correlate a picture with one cosine wave (DCT-II, orthonormal)."""
    total = 0.0
    for y in range(SIDE):
        for x in range(SIDE):
            down = np.cos(np.pi * y_swings * (2 * y + 1) / (2 * SIDE))
            across = np.cos(np.pi * x_swings * (2 * x + 1) / (2 * SIDE))
            total += picture[y, x] * down * across
    return total * (2 / SIDE) / np.sqrt(2) ** ((y_swings == 0) + (x_swings == 0))


def changes(picture):
    """Return how a picture changes with a move right, a move down, and a scaling along each."""
    right, down = np.zeros_like(picture), np.zeros_like(picture)
    right[:, 1:-1] = picture[:, 2:] - picture[:, :-2]
    down[1:-1] = picture[2:] - picture[:-2]
    outwards = (np.arange(SIDE) + 0.5) / (SIDE / 2) - 1
    return right, down, right * outwards, down * outwards[:, np.newaxis]


def differing_bits(first, second):
    return (int(first) ^ int(second)).bit_count()


def mirrored(signature):
    """Return the signature of the mirror image: odd waves, and moves to the right, are negated."""
    seen = signature.astype(np.float64)
    seen[:, 32:] *= -1
    seen[1] *= -1
    return seen


def rest_of_difference(first, second):
    """Return what remains of the difference of waves once the changes are fitted to it."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    difference, tangents = a[0] - b[0], (a[1:] + b[1:]).T
    fit, *_ = np.linalg.lstsq(tangents, difference, rcond=1e-4)
    return np.linalg.norm(difference - tangents @ fit) / 127
