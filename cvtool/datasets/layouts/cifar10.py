"""CIFAR-10 in its python and binary layouts; any subset of its batches will do."""

from pathlib import Path

import numpy as np

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.layouts.cifar import CIFAR10, contents, layout_of, read_batch, read_classes
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))


def recognizes(path: Path) -> bool:
    """Whether a folder, a folder in it, or an archive holds at least one batch."""
    return layout_of(path) is CIFAR10


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
    for file, content in contents(request.path, CIFAR10):
        batch = file.removesuffix(".bin")
        if batch in batches:
            raise DataError(f"{name} holds {batch} twice, in two layouts or folders: keep only one")
        if file in CIFAR10.signs:
            batches[batch] = read_batch(f"{name}/{file}", content, ("labels",), "labels")
        else:
            classes = read_classes(f"{name}/{file}", content, "label_names")
    train = [batches[batch] for batch in _TRAIN if batch in batches]
    if not train:
        raise DataError(f"{name} holds none of data_batch_1 to data_batch_5 to train on: add one")
    return Dataset(name=name, classes=classes, train=_join(train), test=batches.get("test_batch"))


def _join(batches: list[Examples]) -> Examples:
    if len(batches) == 1:
        return batches[0]
    return Examples(
        np.concatenate([batch.images for batch in batches]),
        np.concatenate([batch.labels for batch in batches]),
    )
