"""Arrays of images and labels become a data set: from a file of them, or from memory."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.errors import DataError

LARGEST = 1e18
"""Of floats: the sums of squares of larger ones would not be finite in single precision."""

Arrays = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""Images and labels of each part, by its name: ``train``, and perhaps ``validation``, ``test``."""


@dataclass(frozen=True)
class Origin:
    """What arrays are called where they come from, for what is said of them.

    Parameters
    ----------
    keys
        Names of the images and the labels of each part.
    where
        What follows such a name, as `` in digits.npz``.
    """

    keys: Mapping[str, tuple[str, str]]
    where: str = ""


@dataclass(frozen=True, eq=False)
class _Classes:
    """What labels are, in the order of the classes, and where that was said."""

    labels: NDArray[Any]
    said: str

    def positions(self, labels: NDArray[Any], key: str, where: str) -> Indices:
        """Find labels among the classes."""
        if labels.dtype.kind != self.labels.dtype.kind:
            raise DataError(
                f"{key}{where} is {labels.dtype} but {self.said} is {self.labels.dtype}: give both "
                f"as whole numbers or both as words"
            )
        unknown = np.setdiff1d(labels, self.labels)
        if unknown.size:
            raise DataError(
                f"{key}{where} has the class '{unknown[0]}' that {self.said} lacks: leave those "
                f"images out, or add it to {self.said}"
            )
        order = np.argsort(self.labels, kind="stable")
        found: Indices = order[np.searchsorted(self.labels, labels, sorter=order)]
        return found.astype(np.int64)


def from_arrays(
    name: str, arrays: Arrays, origin: Origin, classes: Sequence[str] | None = None
) -> Dataset:
    """Make a data set of arrays, which are not copied where they are as they have to be.

    Parameters
    ----------
    name
        What to call it.
    arrays
        Images are ``(n, height, width)`` or ``(n, height, width, channels)``: uint8 (or integers
        that fit) from 0 to 255, or floats that are taken as they are; floats ``(n, 2)`` are points
        in the plane. Labels are ``(n,)`` or ``(n, 1)``, whole numbers or text.
    origin
        What the arrays are called.
    classes
        Names of the classes in their order; labels are then these names, or their positions. Unless
        said, classes are the labels that the training images have, sorted.

    Raises
    ------
    DataError
        If arrays do not fit each other, or hold what cannot be trained on.
    """
    _, key = origin.keys["train"]
    labels = _labels(key, origin.where, arrays["train"][1])
    known = _Classes(np.unique(labels), key)
    if classes is not None:
        known = _given(list(map(str, classes)), labels)
    parts = {part: _examples(part, pair, origin, known) for part, pair in arrays.items()}
    for part, examples in parts.items():
        _check_alike(part, origin.where, examples.images, parts["train"].images)
    return Dataset(
        name=name,
        classes=tuple(map(str, known.labels if classes is None else classes)),
        train=parts["train"],
        validation=parts.get("validation"),
        test=parts.get("test"),
    )


def _given(classes: list[str], labels: NDArray[Any]) -> _Classes:
    twice = next((name for name in classes if classes.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"classes has '{twice}' more than once: give each class its own name")
    are_positions = labels.dtype.kind == "i"
    return _Classes(np.arange(len(classes)) if are_positions else np.array(classes), "classes")


def _examples(
    part: str, pair: tuple[NDArray[Any], NDArray[Any]], origin: Origin, known: _Classes
) -> Examples:
    images_key, labels_key = origin.keys[part]
    images = images_of(images_key, origin.where, pair[0])
    labels = _labels(labels_key, origin.where, pair[1])
    if len(images) != len(labels):
        raise DataError(
            f"there are {len(images):,} images in {images_key} but {len(labels):,} labels in "
            f"{labels_key}{origin.where}: give each image one label"
        )
    return Examples(images, known.positions(labels, labels_key, origin.where))


def _check_alike(part: str, where: str, images: NDArray[Any], train: NDArray[Any]) -> None:
    if (images.shape[1:], images.dtype) != (train.shape[1:], train.dtype):
        raise DataError(
            f"the {part} images{where} are {_by(images.shape[1:])} of {images.dtype} but those "
            f"of train are {_by(train.shape[1:])} of {train.dtype}: make them alike"
        )


def images_of(key: str, where: str, array: NDArray[Any]) -> NDArray[Any]:
    """Take an array as images ``(n, height, width, channels)`` of uint8, float32 or float64.

    Raises
    ------
    DataError
        If it cannot be; ``key`` and ``where`` say which array that is.
    """
    if array.ndim == 2 and array.shape[1] == 2 and array.dtype.kind == "f":
        array = array[:, np.newaxis, np.newaxis, :]
    images = array[..., np.newaxis] if array.ndim == 3 else array
    channels = (1, 2, 3) if images.shape[1:3] == (1, 1) else (1, 3)
    if images.ndim != 4 or images.shape[3] not in channels or 0 in images.shape:
        raise DataError(
            f"{key}{where} must be n×height×width or n×height×width×channels with 1 or 3 channels, "
            f"or n×2 points, but is {_by(array.shape)}: {_remedy(key, images)}"
        )
    return np.ascontiguousarray(_pixels(key, where, images))


def _remedy(key: str, images: NDArray[Any]) -> str:
    if 0 in images.shape:
        return "give at least one image"
    if images.ndim == 2:
        return f"{key}.reshape(-1, height, width) makes rows of pixels images"
    is_turned = images.ndim == 4 and images.shape[1] in (1, 3)
    return f"np.moveaxis({key}, 1, -1) puts the channels last" if is_turned else "reshape it"


def _pixels(key: str, where: str, images: NDArray[Any]) -> NDArray[Any]:
    if images.dtype.kind == "f":
        wanted = np.float64 if images.dtype.itemsize >= 8 else np.float32
        with np.errstate(over="ignore", invalid="ignore"):
            floats = images.astype(wanted, copy=False)
            ends = (floats.min(), floats.max()) if floats.size else (0.0, 0.0)
        if ends[0] >= -LARGEST and ends[1] <= LARGEST:
            return floats
    if images.dtype.kind in "iu" and images.min() >= 0 and images.max() <= 255:
        return images.astype(np.uint8, copy=False)
    raise DataError(
        f"{key}{where} must hold whole numbers from 0 to 255 or finite floats up to {LARGEST:g} "
        f"but holds {images.dtype} outside of that: bring the pixels into that range"
    )


def _labels(key: str, where: str, labels: NDArray[Any]) -> NDArray[Any]:
    """Take labels as int64 or text."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iuUS":
        hint = f"np.argmax({key}, axis=1) makes them of one-hot rows" if labels.ndim == 2 else ""
        raise DataError(
            f"{key}{where} must be one whole number or word for each image but is "
            f"{labels.dtype} of {_by(labels.shape)}: {hint or 'make the labels whole numbers'}"
        )
    if labels.dtype.kind in "iu":
        return labels.astype(np.int64)
    return _words(key, where, labels)


def _words(key: str, where: str, labels: NDArray[Any]) -> NDArray[np.str_]:
    try:
        if labels.dtype.kind == "S":
            return np.array([label.decode() for label in labels.tolist()], np.str_)
        words = np.ascontiguousarray(labels, labels.dtype.newbyteorder("="))
        if words.view(np.uint32).max(initial=0) > sys.maxunicode:  # which would end Python
            raise ValueError("signs beyond Unicode")
    except ValueError as error:
        raise DataError(
            f"{key}{where} holds what is no text ({error}): make the labels whole numbers"
        ) from error
    return words


def _by(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "a single value"
