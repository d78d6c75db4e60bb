"""Data sets that are a list of image files with their labels: ``.csv``, ``.tsv`` or ``.txt``.

Paths start at the folder of the list, or at the root of the disk. A file that is not there becomes
an image that cannot be read, to be found by its name as any damaged one; so an image without a
label keeps its place, too. Classes are sorted as people do, 2 before 10.
"""

import re
import stat
from collections.abc import Iterable
from pathlib import Path, PurePath

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.layouts.image_files import Labeled, Listing, read_listing
from cvtool.datasets.layouts.tables import Row, is_table, read_rows
from cvtool.datasets.pixels.pixel_cache import ImageFile
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_PARTS = {
    **{"": "train", "train": "train", "training": "train"},
    **{"val": "validation", "valid": "validation", "validation": "validation"},
    **{"test": "test", "testing": "test"},
}
_UNLABELED = -1


def recognizes(path: Path) -> bool:
    """Whether a path is a table, or a text that begins with a path and a label."""
    return path.is_file() and path.suffix.lower() in (".csv", ".tsv", ".txt") and is_table(path)


def read_list(request: Request) -> Dataset:
    """Read the images that a list names; its lines are training images unless they say otherwise.

    Raises
    ------
    DataError
        If a line is not understood, names a file again or what is none, or has a class that no
        training image has; if no file is there, or sizes differ and none is asked for.
    """
    path = request.path
    root = path.parent
    rows = _checked(path, read_rows(path, lambda text: _is_there(root / text)))
    classes = _classes(path, rows)
    number = {name: position for position, name in enumerate(classes)} | {"": _UNLABELED}
    parts: dict[str, Labeled] = {}
    for name in dict.fromkeys(_PARTS.values()):
        inside = [row for row in rows if row.part == name]
        if inside:
            files = [_file(path, root, row) for row in inside]
            labels = [_label(path, row, number) for row in inside]
            parts[name] = Labeled(files, labels)
    if not any(file.size or file.modified for part in parts.values() for file in part.files):
        raise DataError(
            f"none of the {len(rows):,} files that {path} lists is there (the first is "
            f"'{rows[0].path}'): paths start at the folder of the list"
        )
    return read_listing(Listing(root, classes, parts), request)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long, a folder that must not be looked into
        return False


def _checked(path: Path, rows: Iterable[Row]) -> list[Row]:
    """Refuse files that are listed twice, and parts that do not exist; the latter get one name."""
    lines: dict[str, int] = {}
    checked = []
    for row in rows:
        file, part = str(PurePath(row.path)), _PARTS.get(row.part.lower())
        if part is None:
            raise DataError(
                f"line {row.line} of {path} has the part '{row.part}': write train, validation or "
                f"test"
            )
        if file in lines:
            raise DataError(
                f"line {row.line} of {path} lists {file} again, which line {lines[file]} does "
                f"already: remove one of them"
            )
        lines[file] = row.line
        checked.append(Row(row.line, file, row.label, part))
    return checked


def _classes(path: Path, rows: list[Row]) -> tuple[str, ...]:
    """Collect the classes of the training images, in natural order."""
    names = {row.label for row in rows if row.part == "train"} - {""}
    if not names:
        raise DataError(
            f"{path} gives no label to any training image: write a file and its label on each line"
        )
    return tuple(sorted(names, key=_natural))


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Sort key: of two numbers the one with more digits is larger."""
    pieces = enumerate(re.split(r"([0-9]+)", name))
    cut = [(at % 2 == 1, piece.lstrip("0") if at % 2 else piece) for at, piece in pieces]
    return [(len(piece) if is_number else 0, piece) for is_number, piece in cut], name


def _label(path: Path, row: Row, number: dict[str, int]) -> int:
    if row.label not in number:
        raise DataError(
            f"line {row.line} of {path} has the class '{row.label}', which no training image has: "
            f"add some, or remove the line"
        )
    return number[row.label]


def _file(path: Path, root: Path, row: Row) -> ImageFile:
    try:
        status = (root / row.path).stat()
    except OSError:  # to be told as any other file that cannot be read
        return ImageFile(row.path, 0, 0)
    except ValueError as error:
        raise DataError(f"line {row.line} of {path} has no path ({error}): mend it") from error
    if not stat.S_ISREG(status.st_mode):
        raise DataError(
            f"line {row.line} of {path} leads to {row.path}, which is no file: name an image file"
        )
    return ImageFile(row.path, status.st_size, status.st_mtime_ns)
