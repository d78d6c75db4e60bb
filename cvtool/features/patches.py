"""Random patches of training images, normalized for contrast and whitened.

Coates, Lee and Ng 2011, sections 3.1 and 3.2.1.
"""

from collections.abc import Generator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cvtool.features.feature import Images
from cvtool.features.levels import images_at_once, levels
from cvtool.kernels.products import multiply
from cvtool.kernels.visual_words import CONTRAST
from cvtool.records import WorkRecord
from cvtool.seeds import stream

Floats = NDArray[np.float32]

_ROWS_AT_ONCE = 20_000


def random_patches(
    images: Images, *, count: int, side: int, seed: int
) -> Generator[WorkRecord, None, Floats]:
    """Cut patches out of images, in random places of random ones.

    Returns
    -------
    ``(count, side² · channels)`` normalized patches, in random order.
    """
    random = stream(seed, "features", "patches")
    chosen = np.sort(random.integers(len(images), size=count))
    places = random.random((count, 2))
    order = random.permutation(count)
    at_once = images_at_once(images.images_at(chosen[:1]).shape[1:])
    cut = []
    for start in range(0, len(images), at_once):
        stop = min(start + at_once, len(images))
        few = slice(*np.searchsorted(chosen, [start, stop]))
        needed, of_needed = np.unique(chosen[few], return_inverse=True)
        if len(needed):
            pixels = levels(images.images_at(needed))
            cut.append(normalized(_cut(pixels, of_needed, places[few], side)))
        yield WorkRecord("visual words: cutting patches, image", stop, len(images))
    return np.concatenate(cut)[order]


def _cut(
    pixels: Floats, indices: NDArray[np.int64], places: NDArray[np.float64], side: int
) -> Floats:
    windows = sliding_window_view(pixels, (side, side), axis=(1, 2))
    y, x = (places * windows.shape[1:3]).astype(np.int64).T
    patches = windows[indices, y, x]  # (n, channels, side, side)
    return np.ascontiguousarray(patches.transpose(0, 2, 3, 1)).reshape(len(indices), -1)


def normalized(patches: Floats) -> Floats:
    """Bring rows of gray levels to mean 0 and, but for faint ones, to variance 1."""
    centered = patches - patches.mean(axis=1, keepdims=True, dtype=np.float64)
    variances = np.square(centered).mean(axis=1, keepdims=True)
    return np.asarray(centered / np.sqrt(variances + CONTRAST), np.float32)


def whitening(patches: Floats, *, epsilon: float) -> tuple[Floats, Floats]:
    """Return the mean of patches and the matrix that whitens what is left without it (ZCA).

    Of all whitenings this one changes patches least; ``epsilon`` is added to the variance of each
    principal component, the last of which are mostly noise.
    """
    from threadpoolctl import threadpool_limits

    mean = patches.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((patches.shape[1],) * 2)
    with threadpool_limits(1, user_api="blas"):  # for the sake of the bits
        for start in range(0, len(patches), _ROWS_AT_ONCE):
            centered = patches[start : start + _ROWS_AT_ONCE] - mean
            covariance += centered.T @ centered
        variances, directions = np.linalg.eigh(covariance / len(patches))
        spread = np.sqrt(np.maximum(variances, 0) + epsilon)
        matrix = (directions / spread) @ directions.T
    return mean.astype(np.float32), matrix.astype(np.float32)


def whitened(patches: Floats, mean: Floats, matrix: Floats) -> Floats:
    """Return ``(patches − mean) · matrix``."""
    return multiply(patches, matrix, -multiply(mean[np.newaxis], matrix)[0])
