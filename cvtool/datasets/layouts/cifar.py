"""What CIFAR-10 and CIFAR-100 (Krizhevsky, 2009) share: batches in folders or archives.

A batch holds 32×32 images as planes, all reds before all greens before all blues. In the binary
layout each image is a record, its labels first, a byte each; in the python layout a batch is a
pickled dictionary with ``data`` ``(n, 3072)`` and a list of labels.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Examples, Indices
from cvtool.datasets.layouts.archives import LARGEST, entries, files_in_archive, is_archive
from cvtool.datasets.layouts.folders import subfolders
from cvtool.datasets.layouts.unpickling import unpickle_arrays
from cvtool.errors import DataError

_PIXELS = 32 * 32 * 3
_FEW = 3


@dataclass(frozen=True)
class Layout:
    """How the files of one of the two data sets are called.

    Parameters
    ----------
    signs
        Those by which it is recognized.
    files
        All that are read.
    """

    signs: frozenset[str]
    files: frozenset[str]


_TEN = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
_TEN_BINARY = [f"{name}.bin" for name in _TEN]
CIFAR10 = Layout(
    frozenset(_TEN + _TEN_BINARY),
    frozenset([*_TEN, *_TEN_BINARY, "batches.meta", "batches.meta.txt"]),
)
_NAMES_OF_100 = ("meta", "fine_label_names.txt", "coarse_label_names.txt")
CIFAR100 = Layout(
    frozenset(["train", "train.bin"]),
    frozenset(["train", "train.bin", "test", "test.bin", *_NAMES_OF_100]),
)


def layout_of(path: Path) -> Layout | None:
    """Tell which of the two a folder, a folder in it, or an archive holds.

    Raises
    ------
    DataError
        If an archive holds neither, for nothing else is read from archives.
    """
    if path.is_dir():
        return _place(path)[1]
    return _layout_in_archive(path) if path.is_file() and is_archive(path) else None


def contents(path: Path, layout: Layout) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of the data set, one at a time.

    Raises
    ------
    DataError
        If an archive is damaged, or the files are larger than any batches.
    """
    if path.is_file():
        yield from files_in_archive(path, layout.files)
        return
    room, folder = LARGEST, _place(path)[0]
    for file in (folder / name for name in sorted(layout.files)):
        if file.is_file():
            room -= file.stat().st_size
            if room < 0:
                raise DataError(
                    f"the batches in {path} have more than {LARGEST / 2**20:.0f} MiB, too many for "
                    f"memory: save them as idx files, which are left on the disk"
                )
            yield file.name, file.read_bytes()


def read_batch(file: str, content: bytes, levels: tuple[str, ...], level: str) -> Examples:
    """Read images with their labels.

    Parameters
    ----------
    file
        Its name, to be told where it is damaged; ``.bin`` says that it is binary.
    levels
        What the labels are called in a pickled batch, in the order that they have in a record.
    level
        The one that is wanted.

    Raises
    ------
    DataError
        If the batch is damaged.
    """
    if not file.endswith(".bin"):
        return _read_python_batch(file, content, level)
    size = len(levels) + _PIXELS
    if not content or len(content) % size:
        raise DataError(
            f"{file} must be a whole number of records of {size} bytes but has {len(content)}: "
            f"fetch it again"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, size)
    return _examples(records[:, len(levels) :], records[:, levels.index(level)])


def read_classes(file: str, content: bytes, key: str) -> tuple[str, ...]:
    """Read the names of the classes, from a text or from ``key`` of a pickled dictionary.

    Raises
    ------
    DataError
        If the file is damaged, or a name is there twice.
    """
    if file.endswith(".txt"):
        names = content.decode(errors="replace").split()
    else:
        found = _unpickle(file, content).get(key)
        texts = [each for each in _listed(found) if isinstance(each, bytes | str)]
        names = [
            each.decode(errors="replace") if isinstance(each, bytes) else each for each in texts
        ]
    if len(set(names)) != len(names) or not names:
        raise DataError(f"{file} must name each class once but does not: fetch it again")
    return tuple(names)


def _place(folder: Path) -> tuple[Path, Layout | None]:
    for place in (folder, *subfolders(folder)):
        for layout in (CIFAR10, CIFAR100):
            if any((place / name).is_file() for name in layout.signs):
                return place, layout
    return folder, None


def _layout_in_archive(path: Path) -> Layout:
    passed = []
    for entry in entries(path):
        for layout in (CIFAR10, CIFAR100):
            if entry.name in layout.signs:
                return layout
        passed.append(entry.path)
    more = ", …" if len(passed) > _FEW else ""
    raise DataError(
        f"{path} is an archive but holds neither CIFAR-10 nor CIFAR-100 (it has "
        f"{', '.join(passed[:_FEW]) or 'no files'}{more}): if it holds class folders, unpack it "
        f"and pass the folder"
    )


def _read_python_batch(file: str, content: bytes, level: str) -> Examples:
    batch = _unpickle(file, content)
    planes, labels = batch.get("data"), _labels(batch.get(level))
    if (
        not isinstance(planes, np.ndarray)
        or planes.dtype != np.uint8
        or not len(labels)
        or planes.shape != (len(labels), _PIXELS)
    ):
        raise DataError(
            f"{file} must hold data of n×{_PIXELS} bytes and n {level.replace('_', ' ')} but does "
            f"not: fetch it again"
        )
    return _examples(planes, labels)


def _labels(found: Any) -> Indices:
    """Take whole numbers from an array or a list, none from anything else."""
    if isinstance(found, np.ndarray) and found.ndim == 1:
        return found.astype(np.int64)
    whole = all(type(each) is int and abs(each) < 2**63 for each in _listed(found))
    return np.array(_listed(found) if whole else [], np.int64)


def _listed(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else []


def _unpickle(file: str, content: bytes) -> dict[str, Any]:
    try:
        return unpickle_arrays(content)
    except pickle.UnpicklingError as error:
        raise DataError(f"{file} is no batch of CIFAR ({error}): fetch it again") from error


def _examples(planes: NDArray[np.uint8], labels: NDArray[Any]) -> Examples:
    images = planes.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return Examples(np.ascontiguousarray(images), labels.astype(np.int64))
