"""Images sorted into one folder a class: ``train/CLASS/*`` with other parts beside, or ``CLASS/*``.

Hidden files, and files whose names say that they are no images, are passed over; anything else has
to be an image. Classes are in the order of their names.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.layouts.image_files import Labeled, Listing, read_listing
from cvtool.datasets.pixels.pixel_cache import ImageFile
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_PART_OF = {"train": "train", "val": "validation", "validation": "validation", "test": "test"}
_NO_IMAGES = (
    *(".txt", ".md", ".rst", ".html", ".pdf", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".yaml"),
    *(".yml", ".toml", ".ini", ".cfg", ".log", ".db", ".py", ".ipynb", ".npy", ".npz", ".mat"),
    *(".pkl", ".zip", ".tar", ".gz"),
)

Classes = Mapping[str, list[ImageFile]]
"""The files of each class."""


def recognizes(path: Path) -> bool:
    """Whether a folder holds folders."""
    return path.is_dir() and _root(path) is not None


def read_class_folders(request: Request) -> Dataset:
    """Read images in class folders.

    Raises
    ------
    DataError
        If a part or class holds no images, parts do not agree about classes, or sizes differ.
    """
    root = _root(request.path)
    assert root is not None
    listed = _list_parts(root)
    classes = tuple(listed["train"])
    for part, found in listed.items():
        _check_classes(root, part, found, classes)
    parts = {part: _labeled(found, classes) for part, found in listed.items()}
    return read_listing(Listing(root, classes, parts), request)


def _root(folder: Path) -> Path | None:
    """Return where the class folders start: here, or one level deeper if that is all there is."""
    inside = _subfolders(folder)
    if len(inside) == 1 and inside[0] not in _PART_OF and _subfolders(folder / inside[0]):
        return folder / inside[0]
    return folder if inside else None


def _list_parts(root: Path) -> dict[str, Classes]:
    inside = _subfolders(root)
    if "train" not in inside:
        return {"train": _list_classes(root, "")}
    if {"val", "validation"} <= set(inside):
        raise DataError(f"{root} holds both val and validation, one too many: remove one of them")
    return {part: _list_classes(root, f"{e}/") for e, part in _PART_OF.items() if e in inside}


def _list_classes(root: Path, below: str) -> Classes:
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


def _check_classes(root: Path, part: str, found: Classes, classes: tuple[str, ...]) -> None:
    if not any(found.values()):
        raise DataError(
            f"the {part} part of {root} holds no images: put them in one folder a class, "
            f"as CLASS/*.png"
        )
    for name, files in found.items():
        if name not in classes:
            raise DataError(
                f"the {part} part of {root} has a class '{name}' that the train part lacks: "
                f"rename or remove that folder"
            )
        if part == "train" and not files:
            raise DataError(
                f"the class folder '{name}' in {root} holds no images: put some in, or remove it"
            )


def _labeled(found: Classes, classes: tuple[str, ...]) -> Labeled:
    pairs = [(file, classes.index(name)) for name, files in found.items() for file in files]
    return Labeled([file for file, _ in pairs], [label for _, label in pairs])
