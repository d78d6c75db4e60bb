"""The program's own layout: a folder of plain arrays that are mapped, not read.

``data/NAME/`` holds ``dataset.json`` (classes, parts, source) and, for each part,
``PART-images.npy`` and ``PART-labels.npy``. It opens at once whatever its size, and takes memory
only for the images that are looked at. A folder appears under its name only when it is whole.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.in_the_making import in_the_making
from cvtool.datasets.request import Progress, Request
from cvtool.datasets.split import whole
from cvtool.errors import DataError, UsageError
from cvtool.files import parse_json
from cvtool.records import WorkRecord

_FACTS = "dataset.json"


def recognizes(path: Path) -> bool:
    """Whether a folder is one of ours."""
    return (path / _FACTS).is_file()


def read_facts(folder: Path) -> dict[str, Any]:
    """Read what a stored data set says of itself, without touching its images.

    Raises
    ------
    DataError
        If it is damaged.
    """
    facts = parse_json((folder / _FACTS).read_bytes(), source=str(folder / _FACTS))
    try:
        classes, parts = facts["classes"], facts["parts"]
        whole = all(isinstance(name, str) for name in classes) and "train" in parts
        whole = whole and set(parts) <= {"train", "validation", "test"} and "source" in facts
    except (KeyError, TypeError):
        whole = False
    if not whole:
        raise DataError(f"{folder / _FACTS} describes no data set: import it again")
    return dict(facts)


def read_stored(request: Request) -> Dataset:
    """Map a stored data set into memory.

    Raises
    ------
    DataError
        If a file of it is missing or damaged.
    """
    folder = request.path
    facts = read_facts(folder)
    parts: dict[str, Any] = {name: _map_part(folder, name) for name in facts["parts"]}
    shapes = {(part.images.shape[1:], part.images.dtype) for part in parts.values()}
    if len(shapes) > 1:
        raise DataError(f"the parts of {folder} hold images of different shapes: import it again")
    return Dataset(
        name=request.name,
        classes=tuple(facts["classes"]),
        checksum_file=folder / "checksum",
        **parts,
    )


def write_stored(
    dataset: Dataset, folder: Path, *, source: str, progress: Progress | None = None
) -> None:
    """Store a data set under ``folder``, without the images that are left out.

    Raises
    ------
    UsageError
        If the folder is there already.
    DataError
        If the disk has no room.
    """
    refuse_taken(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _check_room(dataset, folder)
    try:
        with in_the_making(folder) as unfinished:
            _write(dataset, unfinished, source, progress)
    except FileExistsError as error:
        raise _taken(folder) from error


def _write(dataset: Dataset, folder: Path, source: str, progress: Progress | None) -> None:
    for name, examples in dataset.parts.items():
        _write_part(folder, name, examples, progress)
    facts = {
        "source": source,
        "classes": list(dataset.classes),
        "shape": list(dataset.image_shape),
        "type": str(dataset.train.images.dtype),
        "parts": {name: len(part.kept) for name, part in dataset.parts.items()},
    }
    (folder / _FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _map_part(folder: Path, part: str) -> Examples:
    images, labels = (_map(folder / f"{part}-{what}.npy") for what in ("images", "labels"))
    fits = images.ndim == 4 and images.shape[:1] == labels.shape and 0 not in images.shape
    if not fits or images.dtype not in (np.uint8, np.float32, np.float64):
        raise DataError(f"the {part} part of {folder} is damaged: import it again")
    return Examples(images, np.asarray(labels, np.int64))


def _map(file: Path) -> NDArray[Any]:
    try:
        mapped: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{file} is damaged ({error}): import the data set again") from error
    return mapped


def _write_part(folder: Path, part: str, examples: Examples, progress: Progress | None) -> None:
    kept, images = whole(examples), examples.images
    np.save(folder / f"{part}-labels.npy", kept.labels)
    header = {
        "descr": np.lib.format.dtype_to_descr(images.dtype),
        "fortran_order": False,
        "shape": (len(kept), *images.shape[1:]),
    }
    done = 0
    with (folder / f"{part}-images.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for indices in kept.in_chunks():
            picked, places = examples.pick(indices)
            file.write(np.ascontiguousarray(picked[places]).data)
            done += len(indices)
            if progress is not None:
                progress(WorkRecord(f"storing {part} image", done, len(kept)))


def _check_room(dataset: Dataset, folder: Path) -> None:
    needed = sum(len(part.kept) * part.images[:1].nbytes for part in dataset.parts.values())
    free = shutil.disk_usage(folder.parent).free
    if needed > free:
        raise DataError(
            f"{dataset.name} needs {needed / 1e6:,.0f} MB in {folder.parent} but only "
            f"{free / 1e6:,.0f} MB are free: make room, or set CVTOOL_DATA to another folder"
        )


def refuse_taken(folder: Path) -> None:
    """Refuse to store a data set where there is something already.

    Raises
    ------
    UsageError
        If there is.
    """
    if folder.exists():
        raise _taken(folder)


def _taken(folder: Path) -> UsageError:
    return UsageError(
        f"there is a data set '{folder.name}' already: choose another --name, or remove the "
        f"folder {folder}"
    )


def stored_sets(folder: Path) -> Mapping[str, Path]:
    """List the stored data sets in a folder by their names."""
    if not folder.is_dir():
        return {}
    found = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    return {each.name: each for each in found if recognizes(each)}
