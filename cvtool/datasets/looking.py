"""Stored images as what a person can look at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cvtool.datasets.dataset import Indices
from cvtool.datasets.split import Subset


def as_bytes(images: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring stored pixels, bytes or floats from 0 to 1, to bytes."""
    if images.dtype == np.uint8:
        return np.asarray(images)
    return np.asarray(np.clip(np.nan_to_num(images) * 255, 0, 255).round(), np.uint8)


def around_gray(image: NDArray[Any]) -> NDArray[np.uint8]:
    """Stretch an image of signed numbers so that zero is middle gray and the largest number fits.

    Parameters
    ----------
    image
        ``(height, width, channels)``, as networks see it after preprocessing.
    """
    largest = np.abs(image).max()
    return np.asarray(127.5 * (1 + image / (largest if largest > 0 else 1)) + 0.5, np.uint8)


def shrunk_size(height: int, width: int, side: int) -> tuple[int, int]:
    """Return the largest height and width of that shape, of which none is longer than ``side``."""
    scale = min(1.0, side / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def shrunk(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Average an image ``(height, width, 1 or 3)`` down to ``shrunk_size``; small ones stay."""
    height, width, channels = image.shape
    size = shrunk_size(height, width, side)
    if size == (height, width):
        return image
    picture = Image.fromarray(image[..., 0] if channels == 1 else image)
    averaged = picture.resize(size[::-1], Image.Resampling.BOX)
    return np.asarray(averaged, np.uint8).reshape(*size, channels)


def class_counts(labels: Indices, classes: int) -> Indices:
    """Count the labels of each class, ``(classes,)``; those of none do not count."""
    return np.bincount(labels[(labels >= 0) & (labels < classes)], minlength=classes)


def class_means(subset: Subset, classes: int) -> NDArray[np.float64]:
    """Average the images of each class, ``(classes, height, width, channels)``, as stored.

    A class without images has a mean of zero.
    """
    examples = subset.examples
    sums = np.zeros((classes, *examples.images.shape[1:]))
    for indices in subset.in_chunks():
        images, places = examples.pick(indices)
        labels = examples.labels[indices]
        for label in np.unique(labels[(labels >= 0) & (labels < classes)]):
            sums[label] += images[places[labels == label]].sum(axis=0, dtype=np.float64)
    counts = np.maximum(class_counts(subset.labels, classes), 1)
    return np.asarray(sums / counts[:, None, None, None])
