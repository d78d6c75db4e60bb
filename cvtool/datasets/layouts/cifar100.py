"""CIFAR-100 in its python and binary layouts: 100 fine classes, or the 20 coarse ones above."""

from dataclasses import dataclass
from pathlib import Path

from cvtool.config import Choices, option
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.layouts.cifar import CIFAR100, contents, layout_of, read_batch, read_classes
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_LEVELS = ("coarse_labels", "fine_labels")  # as they stand in a record
_COUNTS = {"coarse": 20, "fine": 100}


@dataclass(frozen=True, kw_only=True)
class Cifar100Choices(Choices):
    """At which of its two levels the classes are told apart."""

    labels: str = option("fine", "the 100 fine or the 20 coarse classes", choices=_COUNTS)


def recognizes(path: Path) -> bool:
    """Whether a folder, a folder in it, or an archive holds its training batch."""
    return layout_of(path) is CIFAR100


def read_cifar100(request: Request) -> Dataset:
    """Read the data set; classes have numbers where no file names them.

    Raises
    ------
    DataError
        If a file is damaged, or a batch is there in both layouts.
    """
    name, labels = request.name, request.choices.labels
    parts: dict[str, Examples] = {}
    classes = tuple(map(str, range(_COUNTS[labels])))
    for file, content in contents(request.path, CIFAR100):
        part = file.removesuffix(".bin")
        if part in parts:
            raise DataError(f"{name} holds {part} in both layouts: keep only one")
        if part in ("train", "test"):
            parts[part] = read_batch(f"{name}/{file}", content, _LEVELS, f"{labels}_labels")
        elif file in ("meta", f"{labels}_label_names.txt"):
            classes = read_classes(f"{name}/{file}", content, f"{labels}_label_names")
    return Dataset(name=name, classes=classes, train=parts["train"], test=parts.get("test"))
