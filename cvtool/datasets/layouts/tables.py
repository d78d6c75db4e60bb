"""Lists of files and labels as people and programs write them: tables with commas, or plain lines.

A ``.csv`` or ``.tsv`` file is a table, perhaps with a line of names above its columns; its cells
may be apart by commas, semicolons or tabs. Any other file holds a path and a label a line, apart by
blanks, and comments behind ``#``. Text may be UTF-8, UTF-16 with its mark, or Latin-1.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from cvtool.errors import DataError

_LARGEST = 2**27  # bytes
_MOST_LINES = 2_000_000
_GLANCE = 2**12
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FILE = ("file", "filename", "path", "image", "image_path", "name")
_LABEL = ("label", "class", "category", "target")
_PART = ("part", "split", "set", "subset")
_SEPARATORS = ",;\t"


Columns = list[int | None]
"""Where in a line path, label and part stand, if they do."""

_UNNAMED: Columns = [0, 1, 2]


class Row(NamedTuple):
    """One file: the line it stands on, its path as written, its label and part, or nothing."""

    line: int
    path: str
    label: str
    part: str


def is_table(path: Path) -> bool:
    """Whether a file is a table by the ending of its name, or else begins with path and label."""
    if path.suffix.lower() in (".csv", ".tsv"):
        return True
    with path.open("rb") as file:
        start = file.read(_GLANCE)
    lines = _decode(start, cut=True).splitlines()
    first = next((line for line in lines if _says_something(line)), "")
    return path.suffix.lower() == ".txt" and len(first.split()) > 1


def read_rows(path: Path, is_there: Callable[[str], bool]) -> Iterator[Row]:
    """Read the rows of a list in their order.

    Parameters
    ----------
    path
        A file that ``is_table``.
    is_there
        Whether a path, as it is written, leads to anything; a first line of a table that leads
        nowhere may name its columns.

    Raises
    ------
    DataError
        If a line is not understood, or the file is very large.
    """
    if path.stat().st_size > _LARGEST:
        raise DataError(
            f"{path} has more than {_LARGEST / 2**20:.0f} MiB, too many for a list of files: cut "
            f"it into several"
        )
    text = _decode(path.read_bytes())
    if max(map(text.count, "\r\n")) > _MOST_LINES:
        raise DataError(f"{path} has more than {_MOST_LINES:,} lines: cut it into several")
    if path.suffix.lower() == ".txt":
        yield from _plain_rows(text)
    else:
        yield from _table_rows(path, text, is_there)


def _decode(content: bytes, *, cut: bool = False) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        at_end = cut and error.reason == "unexpected end of data"
        return content[: error.start].decode() if at_end else content.decode("latin1")


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _plain_rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(StringIO(text, newline=None), 1):
        if _says_something(line):
            path, *label = line.strip().rsplit(maxsplit=1)
            yield Row(number, path, "".join(label), "")


def _table_rows(path: Path, text: str, is_there: Callable[[str], bool]) -> Iterator[Row]:
    separator = "\t" if path.suffix.lower() == ".tsv" else _separator(text[:_GLANCE])
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: Columns | None = None
    try:
        for written in reader:
            cells = [cell.strip() for cell in written]
            if not any(cells):
                continue
            if columns is None:
                columns = _named_columns(path, reader.line_num, cells, is_there)
                if columns is not None:
                    continue
                columns = _UNNAMED
            yield _row(path, reader.line_num, cells, columns)
    except csv.Error as error:
        raise DataError(
            f"line {reader.line_num} of {path} is damaged ({error}): mend it"
        ) from error


def _separator(start: str) -> str:
    first = next((line for line in start.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _named_columns(
    path: Path, line: int, cells: list[str], is_there: Callable[[str], bool]
) -> Columns | None:
    """Read a line of names, if it is one."""
    names = [cell.lower() for cell in cells]
    if not {*_FILE, *_LABEL, *_PART} & set(names) or is_there(cells[0]):
        return None
    file, label, part = (_position(names, wanted) for wanted in (_FILE, _LABEL, _PART))
    for position, what in ((file, _FILE[0]), (label, _LABEL[0])):
        if position is None:
            raise DataError(
                f"line {line} of {path} names the columns {', '.join(cells)} but none of them "
                f"'{what}': rename the one that it is"
            )
    return [file, label, part]


def _position(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _row(path: Path, line: int, cells: list[str], columns: Columns) -> Row:
    if columns is _UNNAMED and not 2 <= len(cells) <= 3:
        raise DataError(
            f"line {line} of {path} has {len(cells)} columns, not a file and a label, perhaps with "
            f"a part: name the columns in its first line"
        )
    values = [cells[at] if at is not None and at < len(cells) else "" for at in columns]
    if not values[0]:
        raise DataError(f"line {line} of {path} names no file: write one, or remove the line")
    return Row(line, *values)
