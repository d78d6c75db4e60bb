"""The MNIST family (LeCun et al., 1998; Xiao et al., 2017; Cohen et al., 2017) as idx files.

``train-images-idx3-ubyte`` and ``train-labels-idx1-ubyte``, with ``t10k-…`` or ``test-…`` beside
to report on; ``.gz`` may follow, and a dot may stand for the dash before ``idx``. EMNIST puts the
name of one of its sets first, as ``emnist-letters-train-…``. Its images were stored with rows and
columns exchanged, and are turned upright here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices, option
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.layouts.folders import few_files, subfolders
from cvtool.datasets.layouts.idx import read_idx
from cvtool.datasets.request import Request
from cvtool.errors import DataError, UsageError

_NAME = re.compile(
    r"(?:(?P<set>.+)-)?(?P<part>train|t10k|test)-(?P<kind>images|labels)[-.]idx\d-ubyte(?P<gz>\.gz)?"
)
_FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_EMNIST = "emnist-"
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, kw_only=True)
class MnistChoices(Choices):
    """Which set, where a folder holds several, as that of EMNIST does."""

    set: str | None = option(None, "one of the sets in a folder, as letters")


@dataclass(frozen=True)
class _File:
    """An idx file and what its name says."""

    path: Path
    set: str
    part: str
    kind: str
    compressed: bool

    @property
    def choice(self) -> str:
        """The word to choose its set by."""
        return self.set.removeprefix(_EMNIST) or "mnist"


def recognizes(path: Path) -> bool:
    """Whether a path is an idx file by its name, or a folder, or a folder in it, holds some."""
    return bool(_files(path))


def read_mnist(request: Request) -> Dataset:
    """Read images ``(n, height, width, 1)``, or with 3 channels, from a folder or one of its files.

    Classes are the numbers from 0 to the highest label, or what the labels of Fashion-MNIST and of
    the letters of EMNIST stand for.

    Raises
    ------
    UsageError
        If there are several sets and none, or one that is not there, was chosen.
    DataError
        If a file is missing or damaged, or images and labels do not fit each other.
    """
    files = _chosen(request, _files(request.path))
    if request.path.is_file():  # its other halves lie beside it
        beside = _named(sorted(request.path.parent.iterdir()))
        files = [file for file in beside if file.set == files[0].set]
    # Plain files last, so that they win: they need no reading.
    ordered = sorted(files, key=lambda file: (not file.compressed, file.path))
    named = {f"{file.part}-{file.kind}": file for file in ordered}
    train = _read_part(request, "train", named)
    has_test = {"test-images", "test-labels"} & set(named)
    test = _read_part(request, "test", named) if has_test else None
    if test is not None and test.images.shape[1:] != train.images.shape[1:]:
        raise DataError(
            f"the test images in {request.path} are {_by(test.images)} but those of train are "
            f"{_by(train.images)}: fetch the files that belong together"
        )
    classes, lowest = _classes(named["train-labels"], int(train.labels.max()))
    for part in filter(None, (train, test)):
        part.labels[:] -= lowest
    return Dataset(name=request.name, classes=classes, train=train, test=test)


def _files(path: Path) -> list[_File]:
    """List idx files: the one that a path is, or those in a folder or the first folder in it."""
    if not path.is_dir():
        return _named([path])
    places = (path, *subfolders(path))
    return next(filter(None, (_named(few_files(place)) for place in places)), [])


def _named(paths: list[Path]) -> list[_File]:
    pairs = [(path, _NAME.fullmatch(path.name)) for path in paths]
    return [
        _File(
            path=path,
            set=found["set"] or "",
            part="train" if found["part"] == "train" else "test",
            kind=found["kind"],
            compressed=found["gz"] is not None,
        )
        for path, found in pairs
        if found and path.is_file()
    ]


def _chosen(request: Request, files: list[_File]) -> list[_File]:
    wanted, choices = request.choices.set, sorted({file.choice for file in files})
    if wanted is not None and wanted not in choices:
        raise UsageError(
            f"{request.path} has no set '{wanted}': choose set={', set='.join(choices)}"
        )
    if wanted is None and len(choices) > 1:
        raise UsageError(
            f"{request.path} holds {len(choices)} sets, {', '.join(choices)}: choose one, as "
            f"{request.path}:set={choices[0]}"
        )
    return [file for file in files if wanted in (None, file.choice)]


def _read_part(request: Request, part: str, named: Mapping[str, _File]) -> Examples:
    for kind in ("images", "labels"):
        if f"{part}-{kind}" not in named:
            raise DataError(
                f"{request.path} has no file of {part} {kind}, such as {part}-{kind}-idx"
                f"{3 if kind == 'images' else 1}-ubyte.gz: fetch it too"
            )
    file, other = named[f"{part}-images"], named[f"{part}-labels"]
    images = _with_channels(file, read_idx(file.path, turned=file.set.startswith(_EMNIST)))
    labels = read_idx(other.path)
    if labels.shape != images.shape[:1]:
        raise DataError(
            f"{other.path} must hold one label for each of {len(images):,} images but holds "
            f"{'×'.join(map(str, labels.shape))}: fetch the files that belong together"
        )
    return Examples(images, labels.astype(np.int64))


def _with_channels(file: _File, images: NDArray[np.uint8]) -> NDArray[Any]:
    shaped = images[..., np.newaxis] if images.ndim == 3 else images
    if shaped.ndim != 4 or shaped.shape[3] not in (1, 3):
        raise DataError(
            f"{file.path} must be n×height×width, or n×height×width×3, but is "
            f"{'×'.join(map(str, images.shape))}: fetch it again"
        )
    return shaped


def _classes(labels: _File, highest: int) -> tuple[tuple[str, ...], int]:
    """Name the classes, and say at which label they begin."""
    if labels.choice == "letters" and highest <= len(_LETTERS):
        return _LETTERS, 1
    where = " ".join(labels.path.absolute().parts[-3:])
    if "fashion" in where.lower() and highest < len(_FASHION):
        return _FASHION, 0
    return tuple(map(str, range(highest + 1))), 0


def _by(images: NDArray[Any]) -> str:
    return "×".join(map(str, images.shape[1:]))
