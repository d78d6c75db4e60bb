"""CIFAR-10 (Krizhevsky, 2009) in its python and binary layouts; any subset of batches will do.

A batch holds 32×32 images as planes, all reds before all greens before all blues. In the binary
layout each image is 3,073 bytes, the label first; in the python layout a batch is a pickled
dictionary with ``data`` ``(n, 3072)`` and ``labels``.
"""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.archives import files_in_archive, is_archive
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.request import Request
from cvtool.datasets.unpickling import unpickle_arrays
from cvtool.errors import DataError

_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
_BATCHES = (*_TRAIN, "test_batch")
_PIXELS = 32 * 32 * 3

PYTHON_FILES = (*_BATCHES, "batches.meta")
BINARY_FILES = (*(f"{name}.bin" for name in _BATCHES), "batches.meta.txt")
FILES = frozenset(PYTHON_FILES + BINARY_FILES)
"""The names by which the layout is recognized."""


def recognizes(path: Path) -> bool:
    """Whether a folder, or a folder in it, holds at least one batch, or a file is an archive."""
    return is_archive(path) if path.is_file() else _folder_of_batches(path) is not None


def _folder_of_batches(path: Path) -> Path | None:
    folders = (path, *sorted(each for each in path.iterdir() if each.is_dir()))
    return next((folder for folder in folders if _is_cifar10(folder)), None)


def _is_cifar10(folder: Path) -> bool:
    return any((folder / f"{name}{end}").is_file() for name in _BATCHES for end in ("", ".bin"))


def _files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_file():
        yield from files_in_archive(path, FILES)
        return
    folder = _folder_of_batches(path)
    assert folder is not None
    for file in sorted(folder.iterdir()):
        if file.name in FILES:
            yield file.name, file.read_bytes()


def read_cifar10(request: Request) -> Dataset:
    """Read the data set from its batches.

    Raises
    ------
    DataError
        If a file is damaged, a batch is there twice, or there is nothing to train on.
    """
    batches: dict[str, Examples] = {}
    classes: tuple[str, ...] = _CLASSES
    name = request.name
    for file, content in _files_of(request.path):
        batch = file.removesuffix(".bin")
        if batch in batches:
            raise DataError(f"{name} holds {batch} twice, in two layouts or folders: keep only one")
        if batch in _BATCHES:
            batches[batch] = _read_batch(f"{name}/{file}", content)
        else:
            classes = _read_classes(f"{name}/{file}", content)
    train = [batches[batch] for batch in _TRAIN if batch in batches]
    if not train:
        raise DataError(f"{name} holds none of data_batch_1 to data_batch_5 to train on: add one")
    return Dataset(name=name, classes=classes, train=_join(train), test=batches.get("test_batch"))


def _read_batch(file: str, content: bytes) -> Examples:
    if not file.endswith(".bin"):
        return _read_python_batch(file, content)
    if not content or len(content) % (1 + _PIXELS):
        raise DataError(
            f"{file} must be a whole number of records of {1 + _PIXELS} bytes but has "
            f"{len(content)}: fetch it again"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, 1 + _PIXELS)
    return _examples(records[:, 1:], records[:, 0])


def _read_python_batch(file: str, content: bytes) -> Examples:
    batch = _unpickle(file, content)
    planes, labels = np.asarray(batch.get("data")), np.asarray(batch.get("labels"))
    whole = planes.shape == (labels.size, _PIXELS) and labels.size > 0
    if not whole or planes.dtype != np.uint8 or labels.dtype.kind not in "iu":
        raise DataError(
            f"{file} must hold data of n×{_PIXELS} bytes and n labels but does not: fetch it again"
        )
    return _examples(planes, labels)


def _read_classes(file: str, content: bytes) -> tuple[str, ...]:
    if file.endswith(".txt"):
        names = content.decode(errors="replace").split()
    else:
        found = _unpickle(file, content).get("label_names", [])
        names = [name.decode() if isinstance(name, bytes) else str(name) for name in found]
    if len(set(names)) != len(names) or not names:
        raise DataError(f"{file} must name each class once but does not: fetch it again")
    return tuple(names)


def _unpickle(file: str, content: bytes) -> dict[str, Any]:
    try:
        return unpickle_arrays(content)
    except pickle.UnpicklingError as error:
        raise DataError(f"{file} is no batch of CIFAR-10 ({error}): fetch it again") from error


def _examples(planes: NDArray[np.uint8], labels: NDArray[Any]) -> Examples:
    images = planes.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return Examples(np.ascontiguousarray(images), labels.astype(np.int64))


def _join(batches: list[Examples]) -> Examples:
    return Examples(
        np.concatenate([batch.images for batch in batches]),
        np.concatenate([batch.labels for batch in batches]),
    )
