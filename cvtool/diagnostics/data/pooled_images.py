"""All images of a data set that there are to look at, its parts one after another.

Images that are left out or damaged are passed over. Nothing is copied before it is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.mapped import chunks, release
from cvtool.datasets.opening import damaged

_SCATTERED = 1024
"""Images to read before their pages are let go: the system maps neighbors of each, up to 64 KiB."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Images of all parts under one number each.

    Parameters
    ----------
    dataset
        Where they are from.
    parts
        ``(n,)`` the part of each, as its position in ``dataset.parts``.
    positions
        ``(n,)`` the position of each within its part, ascending.
    """

    dataset: Dataset
    parts: NDArray[np.int8]
    positions: Indices

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Take all images that can be looked at."""
        kept = [readable(examples) for examples in dataset.parts.values()]
        numbers = [np.full(len(each), part, np.int8) for part, each in enumerate(kept)]
        return cls(dataset, np.concatenate(numbers), np.concatenate(kept))

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def bytes_each(self) -> int:
        """Bytes of one image."""
        return max(1, self.dataset.train.images[:1].nbytes)

    def part_of(self, image: int) -> str:
        """Name the part an image is in."""
        return tuple(self.dataset.parts)[int(self.parts[image])]

    def name_of(self, image: int) -> str:
        """Name an image as ``Dataset.name_of`` does."""
        return self.dataset.name_of(self.part_of(image), int(self.positions[image]))

    @cached_property
    def labels(self) -> Indices:
        """``(n,)`` the label of each, as it is."""
        parts = enumerate(self.dataset.parts.values())
        return np.concatenate(
            [examples.labels[self.positions[self.parts == part]] for part, examples in parts]
        )

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """``(n,)`` whether the label of each is a class."""
        return (self.labels >= 0) & (self.labels < len(self.dataset.classes))

    def class_of(self, image: int) -> str:
        """Name the class of an image, or say what stands in place of one."""
        return class_name(self.dataset, int(self.labels[image]))

    def chunks(self) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield the number of a first image and some megabytes of images from there on."""
        done = 0
        for part, examples in enumerate(self.dataset.parts.values()):
            positions = self.positions[self.parts == part]
            for start, images in chunks(examples.images):
                first, last = np.searchsorted(positions, [start, start + len(images)])
                if last - first < len(images):
                    images = images[positions[first:last] - start]
                if len(images):
                    yield done + int(first), images
            done += len(positions)

    def images_at(self, numbers: Indices) -> NDArray[Any]:
        """Copy some images, in any order, each perhaps more than once."""
        stored = self.dataset.train.images
        images = np.empty((len(numbers), *stored.shape[1:]), stored.dtype)
        for part, examples in enumerate(self.dataset.parts.values()):
            inside = np.flatnonzero(self.parts[numbers] == part)
            for start in range(0, len(inside), _SCATTERED):
                some = inside[start : start + _SCATTERED]
                images[some] = examples.images[self.positions[numbers[some]]]
                release(examples.images)
        return images


def readable(examples: Examples) -> Indices:
    """Positions of the images to be used that could be read."""
    return np.setdiff1d(examples.kept, damaged(examples), assume_unique=True)


def class_name(dataset: Dataset, label: int) -> str:
    """Name a class, or write down what is none: ``none`` for a missing label, else the number."""
    if 0 <= label < len(dataset.classes):
        return dataset.classes[label]
    return "none" if label < 0 else str(label)
