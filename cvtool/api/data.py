"""Images to learn from: a data set by its name, or arrays."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cvtool.config import DataConfig
from cvtool.datasets.arrays import Origin, from_arrays
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.opening import check_usable
from cvtool.errors import DataError, UsageError
from cvtool.experiments.reading import read
from cvtool.records import finish

Tell = Callable[[Any], object]
"""Told records while work goes on, as ``print``."""

_ARRAYS = "arrays"
_KEYS = {
    "train": ("images", "labels"),
    "validation": ("validation[0]", "validation[1]"),
    "test": ("test[0]", "test[1]"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """A data set, and how it was asked for.

    Parameters
    ----------
    dataset
        The images, labels and classes.
    said
        What names them, as ``--dataset``, ``--image-size`` and ``--exclude`` do.
    in_memory
        Whether they are arrays, which no later process would find by a name.
    """

    dataset: Dataset
    said: DataConfig
    in_memory: bool = False

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.dataset.classes

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """``(height, width, channels)`` of every image."""
        return self.dataset.image_shape

    @property
    def image_type(self) -> str:
        """The type of the stored pixels, as ``uint8``."""
        return str(self.train.images.dtype)

    @property
    def train(self) -> Examples:
        """Images to learn from, of which some will be held out to choose on.

        ``train.images`` are ``(n, height, width, channels)``, ``train.labels`` ``(n,)`` int64,
        positions in ``classes``.
        """
        return self.dataset.train

    @property
    def validation(self) -> Examples | None:
        """Images to choose on, where the data set brings some."""
        return self.dataset.validation

    @property
    def test(self) -> Examples | None:
        """Images to report on, once."""
        return self.dataset.test

    def __repr__(self) -> str:
        counts = [f"{len(part):,} {name}" for name, part in self.dataset.parts.items()]
        shape = "×".join(map(str, self.image_shape))
        images = f"{' and '.join(counts)} images of {shape} {self.image_type}"
        return f"<Data {self.said.dataset}: {images}, {len(self.classes)} classes>"


def load_data(
    images: str | os.PathLike[str] | ArrayLike,
    labels: ArrayLike | None = None,
    *,
    classes: Sequence[str] | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    test: tuple[ArrayLike, ArrayLike] | None = None,
    image_size: int | None = None,
    exclude: str | os.PathLike[str] | None = None,
    tell: Tell | None = None,
) -> Data:
    """Open a data set, or make one of arrays.

    Parameters
    ----------
    images
        A name or path as ``--dataset`` takes it: ``"digits"``, ``"shapes:images=3000"``,
        ``"photos/"``. Or images ``(n, height, width)`` or ``(n, height, width, channels)``, one or
        three channels: whole numbers from 0 to 255, or floats, taken as they are. Floats ``(n, 2)``
        are points in the plane. Arrays are not copied where that can be helped: leave them as they
        are.
    labels
        With arrays, ``(n,)``: any whole numbers, or text.
    classes
        With arrays, the names of the classes in their order; labels are then these names, or
        positions from 0 on. Unless said, classes are the labels, sorted.
    validation, test
        With arrays, images and labels to choose on, and to report on.
    image_size, exclude
        With a name or path, height and width to resize image files to, and a file that lists images
        to leave out.
    tell
        Told how far reading is.

    Raises
    ------
    UsageError, DataError
        If there is no such data set, it cannot be read, or arrays do not fit each other.
    """
    if isinstance(images, str | os.PathLike):
        arrays = {"labels": labels, "classes": classes, "validation": validation, "test": test}
        _refuse(arrays, "comes with arrays, and a data set by name has its own")
        said = DataConfig(
            dataset=os.fspath(images),
            image_size=image_size,
            exclude=None if exclude is None else os.fspath(exclude),
        )
        return Data(finish(read(said), tell), said)
    _refuse({"image_size": image_size, "exclude": exclude}, "is for image files, not for arrays")
    if labels is None:
        raise UsageError("load_data(images) needs the labels beside the images: give it both")
    pairs = {"train": (images, labels), "validation": validation, "test": test}
    parts = {name: _pair(name, pair) for name, pair in pairs.items() if pair is not None}
    dataset = from_arrays(_ARRAYS, parts, Origin(_KEYS), classes)
    check_usable(dataset)
    return Data(dataset, DataConfig(dataset=_ARRAYS), in_memory=True)


def _refuse(given: dict[str, Any], why: str) -> None:
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"load_data: '{name}' {why}: leave it out")


def _pair(part: str, pair: tuple[ArrayLike, ArrayLike]) -> tuple[NDArray[Any], NDArray[Any]]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise UsageError(f"load_data: '{part}' takes images and labels, as {part}=(images, labels)")
    images, labels = (as_array(key, each) for key, each in zip(_KEYS[part], pair, strict=True))
    words = labels.dtype.kind == "O" and all(isinstance(each, str) for each in labels.flat)
    return images, labels.astype(str) if words or labels.dtype.kind == "b" else labels


def as_array(key: str, values: Any) -> NDArray[Any]:
    """Take what can be an array as one.

    Raises
    ------
    DataError
        If it cannot, as lists of different lengths.
    """
    try:
        return np.asarray(values)
    except ValueError as error:
        raise DataError(f"{key} cannot be an array ({error}): make all rows alike") from None
