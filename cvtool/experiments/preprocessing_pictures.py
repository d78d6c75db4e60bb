"""What a preprocessing does to images, to be looked at (notes §6.2)."""

import numpy as np

from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.looking import around_gray, as_bytes
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.datasets.whitening import Whitening
from cvtool.records import Gallery, Picture

_CLASSES = 10
_OF_EACH = 3
_COMPONENTS_A_ROW = 8
_PLACES = (0.25, 0.5, 0.75)
_AROUND = 4
"""Pixels of a filter to show on each side: what is farther away has next to no weight."""
_CHANNELS = {1: ("gray",), 3: ("red", "green", "blue")}


def preprocessing_galleries(
    dataset: Dataset, subset: Subset, preprocessing: Preprocessing
) -> tuple[Gallery, ...]:
    """Show images before and after, and what a whitening is made of.

    Parameters
    ----------
    dataset
        Whose classes they are.
    subset
        Images to pick from: of each class the first.
    preprocessing
        Fitted, to these images or to others.

    Returns
    -------
    ``preprocessing``; for a whitening also ``principal-components``; for ZCA also ``zca-filters``.
    Nothing for points in the plane.
    """
    if dataset.has_points:
        return ()
    galleries = [_before_and_after(dataset, subset, preprocessing)]
    if preprocessing.whitening is not None:
        galleries.append(_components(preprocessing.whitening, dataset.image_shape))
        if "zca" in preprocessing.kind:
            galleries.append(_filters(preprocessing.whitening, dataset.image_shape))
    return tuple(galleries)


def _before_and_after(dataset: Dataset, subset: Subset, preprocessing: Preprocessing) -> Gallery:
    batcher, rows = Batcher(subset, preprocessing), []
    for number, name in enumerate(dataset.classes[:_CLASSES]):
        positions = np.flatnonzero(subset.labels == number)[:_OF_EACH]
        after = np.empty((len(positions), *batcher.shape), np.float32)
        batcher.fill(positions, after)
        pairs = zip(as_bytes(subset.images_at(positions)), after, strict=True)
        rows.append(
            (
                name,
                tuple(
                    picture
                    for before, values in pairs
                    for picture in (Picture(before), Picture(around_gray(values)))
                ),
            )
        )
    return Gallery(
        "preprocessing",
        f"Images as they are stored, and after {preprocessing.kind}; middle gray is zero",
        tuple(rows),
    )


def _components(whitening: Whitening, shape: tuple[int, int, int]) -> Gallery:
    pictures = [
        Picture(around_gray(component.reshape(shape)), above=f"{share:.1%}")
        for component, share in zip(whitening.components, whitening.shares, strict=True)
    ]
    rows = []
    for first in range(0, len(pictures), _COMPONENTS_A_ROW):
        row = tuple(pictures[first : first + _COMPONENTS_A_ROW])
        rows.append((f"{first + 1}–{first + len(row)}", row))
    return Gallery(
        "principal-components",
        "The first principal components of the training images, with their shares of the variance",
        tuple(rows),
    )


def _filters(whitening: Whitening, shape: tuple[int, int, int]) -> Gallery:
    """Show what each of some whitened pixels is made of: itself, less what surrounds it."""
    height, width, channels = shape
    filters = whitening.matrix.T.reshape(*shape, *shape)

    def picture(y: int, x: int, channel: int) -> Picture:
        rows = slice(max(0, y - _AROUND), y + _AROUND + 1)
        columns = slice(max(0, x - _AROUND), x + _AROUND + 1)
        weights = filters[y, x, channel, rows, columns]
        return Picture(around_gray(weights), above=f"row {y}, column {x}")

    places = [(int(y * height), int(x * width)) for y in _PLACES for x in _PLACES]
    rows = [
        (name, tuple(picture(y, x, channel) for y, x in places))
        for channel, name in enumerate(_CHANNELS[channels])
    ]
    return Gallery(
        "zca-filters",
        "Whitened pixels as sums of pixels: white adds, black takes away",
        tuple(rows),
    )
