"""Arrays saved by ``numpy.savez``: ``x_train, y_train`` and perhaps ``x_test, y_test``."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.layouts.npy_arrays import load_arrays
from cvtool.datasets.layouts.zips import is_zip, opened_zip
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_PARTS = {"train": "train", "val": "validation", "test": "test"}


def recognizes(path: Path) -> bool:
    """Whether a file is a zip of arrays, judged by its content."""
    if not path.is_file() or not is_zip(path):
        return False
    with opened_zip(path) as archive:
        return any(name.endswith(".npy") for name in archive.namelist())


def read_npz(request: Request) -> Dataset:
    """Read images ``x_…`` and labels ``y_…``; validation images may be there as ``x_val, y_val``.

    Images are ``(n, height, width)`` or ``(n, height, width, channels)``: uint8 (or integers that
    fit) from 0 to 255, or floats that are taken as they are. Labels are numbers or text.

    Raises
    ------
    DataError
        If arrays are missing, do not fit each other, or hold what cannot be trained on.
    """
    path = request.path
    arrays = load_arrays(path, [f"{axis}_{part}" for part in _PARTS for axis in "xy"])
    missing = [key for key in ("x_train", "y_train") if key not in arrays]
    if missing:
        raise DataError(
            f"{path} must hold x_train and y_train but has no {' and no '.join(missing)} (it has "
            f"{', '.join(arrays) or 'nothing'}): save it with these names"
        )
    names = np.unique(_labels(path, "y_train", arrays))
    parts = {
        part: _read_part(path, short, arrays, names)
        for short, part in _PARTS.items()
        if f"x_{short}" in arrays or f"y_{short}" in arrays
    }
    for part, examples in parts.items():
        _check_alike(path, part, examples.images, parts["train"].images)
    return Dataset(
        name=request.name,
        classes=tuple(map(str, names)),
        train=parts["train"],
        validation=parts.get("validation"),
        test=parts.get("test"),
    )


def _read_part(
    path: Path, short: str, arrays: Mapping[str, NDArray[Any]], names: NDArray[Any]
) -> Examples:
    for key in (f"x_{short}", f"y_{short}"):
        if key not in arrays:
            raise DataError(f"{path} has no {key} beside its other half: save both")
    images, labels = _images(path, f"x_{short}", arrays), _labels(path, f"y_{short}", arrays)
    if len(images) != len(labels):
        raise DataError(
            f"{path} has {len(images):,} images in x_{short} but {len(labels):,} labels in "
            f"y_{short}: give each image one label"
        )
    if labels.dtype.kind != names.dtype.kind:
        raise DataError(
            f"y_{short} in {path} is {labels.dtype} but y_train is {names.dtype}: save both as "
            f"whole numbers or both as words"
        )
    unknown = np.setdiff1d(labels, names)
    if unknown.size:
        raise DataError(
            f"y_{short} in {path} has the class '{unknown[0]}' that y_train lacks: leave those "
            f"images out, or add some of them to x_train"
        )
    return Examples(images, np.searchsorted(names, labels).astype(np.int64))


def _check_alike(path: Path, part: str, images: NDArray[Any], train: NDArray[Any]) -> None:
    if (images.shape[1:], images.dtype) != (train.shape[1:], train.dtype):
        raise DataError(
            f"the {part} images in {path} are {_by(images.shape[1:])} of {images.dtype} but those "
            f"of train are {_by(train.shape[1:])} of {train.dtype}: make them alike"
        )


def _images(path: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    array = arrays[key]
    images = array[..., np.newaxis] if array.ndim == 3 else array
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape:
        first = images.ndim == 4 and images.shape[1] in (1, 3)
        remedy = f"np.moveaxis({key}, 1, -1) puts the channels last" if first else "reshape it"
        raise DataError(
            f"{key} in {path} must be n×height×width or n×height×width×channels with 1 or 3 "
            f"channels but is {_by(array.shape)}: {remedy}"
        )
    return np.ascontiguousarray(_pixels(path, key, images))


def _pixels(path: Path, key: str, images: NDArray[Any]) -> NDArray[Any]:
    if images.dtype.kind == "f":
        wanted = np.float64 if images.dtype.itemsize >= 8 else np.float32
        with np.errstate(over="ignore", invalid="ignore"):
            floats = images.astype(wanted, copy=False)
        if np.isfinite(floats).all():
            return floats
    if images.dtype.kind in "iu" and images.min() >= 0 and images.max() <= 255:
        return images.astype(np.uint8, copy=False)
    raise DataError(
        f"{key} in {path} must hold whole numbers from 0 to 255 or finite floats but holds "
        f"{images.dtype} outside of that: bring the pixels into that range"
    )


def _labels(path: Path, key: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Take labels as int64 or text."""
    labels = arrays[key]
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iuUS":
        hint = f"np.argmax({key}, axis=1) makes them of one-hot rows" if labels.ndim == 2 else ""
        raise DataError(
            f"{key} in {path} must be one whole number or word for each image but is "
            f"{labels.dtype} of {_by(labels.shape)}: {hint or 'save the labels as integers'}"
        )
    if labels.dtype.kind in "iu":
        return labels.astype(np.int64)
    return _words(path, key, labels)


def _words(path: Path, key: str, labels: NDArray[Any]) -> NDArray[np.str_]:
    try:
        if labels.dtype.kind == "S":
            return np.array([label.decode() for label in labels.tolist()], np.str_)
        words = np.ascontiguousarray(labels, labels.dtype.newbyteorder("="))
        if words.view(np.uint32).max(initial=0) > sys.maxunicode:  # which would end Python
            raise ValueError("signs beyond Unicode")
    except ValueError as error:
        raise DataError(
            f"{key} in {path} holds what is no text ({error}): save the labels as integers"
        ) from error
    return words


def _by(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "a single value"
