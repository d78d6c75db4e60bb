"""Images sorted into one folder a class: ``train/CLASS/*`` with other parts beside, or ``CLASS/*``.

Hidden files, and files whose names say that they are no images, are passed over; anything else has
to be an image. Classes are in the order of their names.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.parallel_decoding import Progress
from cvtool.datasets.pixel_cache import ImageFile, cached_pixels
from cvtool.errors import DataError

_PART_OF = {"train": "train", "val": "validation", "validation": "validation", "test": "test"}
_NO_IMAGES = (
    *(".txt", ".md", ".rst", ".html", ".pdf", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".yaml"),
    *(".yml", ".toml", ".ini", ".cfg", ".log", ".db", ".py", ".ipynb", ".npy", ".npz", ".mat"),
    *(".pkl", ".zip", ".tar", ".gz"),
)

Listing = Mapping[str, list[ImageFile]]
"""The files of each class."""


def find_class_folders(folder: Path) -> Path | None:
    """Return where the class folders start: here, or one level deeper if that is all there is."""
    inside = _subfolders(folder)
    if len(inside) == 1 and inside[0] not in _PART_OF and _subfolders(folder / inside[0]):
        return folder / inside[0]
    return folder if inside else None


def read_class_folders(
    name: str, root: Path, *, image_size: int | None = None, progress: Progress | None = None
) -> Dataset:
    """Read images in class folders, from the cache where they have been decoded before.

    Raises
    ------
    DataError
        If a part or class holds no images, parts do not agree about classes, or a file is no image.
    """
    listings = _list_parts(root)
    classes = tuple(listings["train"])
    for part, listing in listings.items():
        _check_classes(root, part, listing, classes)
    files = [file for listing in listings.values() for each in listing.values() for file in each]
    pixels, cache = cached_pixels(root, files, image_size=image_size, progress=progress)
    parts, start = {}, 0
    for part, listing in listings.items():
        labels = _labels(listing, classes)
        parts[part] = Examples(pixels[start : start + len(labels)], labels)
        start += len(labels)
    return Dataset(name=name, classes=classes, checksum_file=cache / "checksum", **parts)


def _list_parts(root: Path) -> dict[str, Listing]:
    inside = _subfolders(root)
    if "train" not in inside:
        return {"train": _list_classes(root, "")}
    if {"val", "validation"} <= set(inside):
        raise DataError(f"{root} holds both val and validation, one too many: remove one of them")
    return {part: _list_classes(root, f"{e}/") for e, part in _PART_OF.items() if e in inside}


def _list_classes(root: Path, below: str) -> Listing:
    names = _subfolders(root / below)
    return {name: _list_images(root, f"{below}{name}/") for name in names}


def _list_images(root: Path, below: str) -> list[ImageFile]:
    # scandir knows what is a file without asking the disk again, which makes the list fast.
    with os.scandir(root / below) as entries:
        files = [
            ImageFile(below + entry.name, status.st_size, status.st_mtime_ns)
            for entry in entries
            if _may_be_image(entry.name) and entry.is_file()
            for status in [entry.stat()]
        ]
    return sorted(files)


def _may_be_image(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_NO_IMAGES)


def _subfolders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(e.name for e in entries if e.is_dir() and not e.name.startswith("."))


def _check_classes(root: Path, part: str, listing: Listing, classes: tuple[str, ...]) -> None:
    if not any(listing.values()):
        raise DataError(
            f"the {part} part of {root} holds no images: put them in one folder a class, "
            f"as CLASS/*.png"
        )
    for name, files in listing.items():
        if name not in classes:
            raise DataError(
                f"the {part} part of {root} has a class '{name}' that the train part lacks: "
                f"rename or remove that folder"
            )
        if part == "train" and not files:
            raise DataError(
                f"the class folder '{name}' in {root} holds no images: put some in, or remove it"
            )


def _labels(listing: Listing, classes: tuple[str, ...]) -> NDArray[np.int64]:
    numbers = [classes.index(name) for name in listing]
    return np.repeat(np.array(numbers, np.int64), [len(files) for files in listing.values()])
