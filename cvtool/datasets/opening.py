"""One door to every data set: a name or a path goes in, the layout is recognized."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cvtool.config import Choices
from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.downloads.catalog import KNOWN
from cvtool.datasets.embedded.registry import EMBEDDED
from cvtool.datasets.exclusion import exclude
from cvtool.datasets.finding import find, unreadable
from cvtool.datasets.layouts import cifar10, cifar100, class_folders, lists, mnist, npz, stored
from cvtool.datasets.places import downloads_folder
from cvtool.datasets.request import Place, Progress, Request
from cvtool.errors import DataError, UsageError, on_one_line


def open_dataset(
    text: str,
    *,
    image_size: int | None = None,
    excluded: str | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Open a data set by its name or path, ready to be used.

    Parameters
    ----------
    text
        A name, embedded or in the data folder, which wins (write ``./digits`` for a folder so
        called), or a path to what one of ``READERS`` recognizes; choices may follow, as
        ``shapes:images=9000`` or ``cifar-100-python.tar.gz:labels=coarse``.
    image_size
        Height and width to resize image files to; needed where they differ.
    excluded
        A file that lists images to leave out.
    progress
        Told how far decoding is.

    Raises
    ------
    UsageError
        If the name or a choice is unknown, or the images cannot have the size asked for.
    DataError
        If the path is not there, what is there cannot be read as a data set or would take very
        much memory, or an image that is not left out is damaged or has no label.
    """
    dataset = open_as_it_is(text, image_size=image_size, excluded=excluded, progress=progress)
    check_usable(dataset)
    return dataset


def open_as_it_is(
    text: str,
    *,
    image_size: int | None = None,
    excluded: str | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Open a data set to look at it: damaged images and wrong labels are left as they are.

    Parameters and errors are those of ``open_dataset``, but for what is wrong with single images.
    """
    place = Place.parse(text)
    embedded = EMBEDDED.get(place.text)
    if embedded is not None:
        dataset = embedded.make(place.choose(embedded.choices), progress)
    else:
        dataset = _read(place, image_size, progress)
    _check_size(dataset, image_size)
    # Names go to terminals and into pictures, and what stands in files can be anything.
    named = replace(
        dataset,
        name=on_one_line(dataset.name),
        classes=tuple(map(on_one_line, dataset.classes)),
    )
    return exclude(named, Path(excluded)) if excluded else named


def check_usable(dataset: Dataset) -> None:
    """Refuse what nobody could learn from as it is.

    Raises
    ------
    DataError
        If there is one class alone, or an image that is not left out is damaged or has no label.
    """
    if len(dataset.classes) < 2:
        raise DataError(
            f"{dataset.name} has the one class '{dataset.classes[0]}', and one cannot be told "
            f"from others: add images of a second class"
        )
    for name in dataset.parts:
        _refuse_damaged(dataset, name)
        _refuse_unlabeled(dataset, name)


def located(text: str) -> str:
    """Say where a data set is so that it is found from any working folder.

    Raises
    ------
    UsageError, DataError
        If there is no such data set.
    """
    place = Place.parse(text)
    if place.text in EMBEDDED:
        return text
    choices = ",".join(f"{name}={value}" for name, value in place.choices.items())
    return f"{find(place.text).absolute()}" + (f":{choices}" if choices else "")


def unlabeled(examples: Examples, classes: int) -> Indices:
    """Positions of the images to be used whose label is none of the classes."""
    labels = examples.labels[examples.kept]
    return examples.kept[(labels < 0) | (labels >= classes)]


def damaged(examples: Examples) -> Indices:
    """Positions of the images to be used that could not be read."""
    broken = np.array(sorted(examples.files.damaged if examples.files else ()), np.int64)
    return np.setdiff1d(broken, examples.left_out)


def _refuse_damaged(dataset: Dataset, part: str) -> None:
    examples = dataset.parts[part]
    broken = damaged(examples)
    if len(broken) and examples.files is not None:
        first = int(broken[0])
        more = f" and {len(broken) - 1:,} more files" if len(broken) > 1 else ""
        raise DataError(
            f"cannot read {dataset.name_of(part, first)}{more} of {dataset.name} as an image "
            f"({examples.files.damaged[first]}): repair it, move it elsewhere, or leave it out "
            f"with the list that 'cvtool data check --fix' writes"
        )


def _refuse_unlabeled(dataset: Dataset, part: str) -> None:
    examples, classes = dataset.parts[part], len(dataset.classes)
    lost = unlabeled(examples, classes)
    if len(lost):
        more = f" and {len(lost) - 1:,} more images" if len(lost) > 1 else ""
        label = examples.labels[lost[0]]
        what = f"has the label {label} but there are only the classes 0 to {classes - 1}"
        raise DataError(
            f"{dataset.name_of(part, int(lost[0]))}{more} of {dataset.name} "
            f"{'has no label' if label == -1 else what}: mend that or fetch the data again, or "
            f"leave it out with the list that 'cvtool data check --fix' writes"
        )


def _read(place: Place, image_size: int | None, progress: Progress | None) -> Dataset:
    path = find(place.text)
    try:
        for reader in READERS:
            if reader.recognizes(path):
                choices = place.choose(reader.choices)
                return reader.read(Request(path, choices, image_size, progress))
    except OSError as error:
        raise unreadable(path, error) from error
    known = "; ".join(reader.layout for reader in READERS)
    raise DataError(f"{path} is no data set that is known: pass one of these: {known}")


def _check_size(dataset: Dataset, image_size: int | None) -> None:
    height, width, _ = dataset.image_shape
    if image_size not in (None, height) or image_size not in (None, width):
        raise UsageError(
            f"--image-size resizes image files only, and the images of {dataset.name} are "
            f"{height}×{width}: leave it out"
        )


def reserved_names() -> frozenset[str]:
    """Names that no imported data set can have."""
    return frozenset((*EMBEDDED, *KNOWN, downloads_folder().name))


@dataclass(frozen=True)
class Reader:
    """One layout: what it is in words, whether a path has it, and how to read it."""

    layout: str
    recognizes: Callable[[Path], bool]
    read: Callable[[Request], Dataset]
    choices: type[Any] = Choices


READERS = (
    Reader("a data set stored by 'data import'", stored.recognizes, stored.read_stored),
    Reader("an .npz file with x_train and y_train", npz.recognizes, npz.read_npz),
    Reader("idx files of the MNIST family", mnist.recognizes, mnist.read_mnist, mnist.MnistChoices),
    Reader(
        "a .csv, .tsv or .txt list of image files and labels", lists.recognizes, lists.read_list
    ),
    Reader("CIFAR-10 as a folder or archive", cifar10.recognizes, cifar10.read_cifar10),
    Reader(
        "CIFAR-100 as a folder or archive",
        cifar100.recognizes,
        cifar100.read_cifar100,
        cifar100.Cifar100Choices,
    ),
    Reader(
        "a folder with CLASS/* or train/CLASS/*",
        class_folders.recognizes,
        class_folders.read_class_folders,
    ),
)
"""In the order in which they are asked; the first that recognizes a path reads it.

A zip of arrays is an archive, too, so that it comes before them.
"""
