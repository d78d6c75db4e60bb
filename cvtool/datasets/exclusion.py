"""Lists of images to leave out: a name a line, perhaps a tab and the reason; ``#`` comments.

Names are those of ``Dataset.name_of``: a file below the root of the data set, or part and number.
They are kept as the bytes that the system has for them, for not every file name is text; what a
line could not hold is written with a backslash.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from cvtool.datasets.dataset import Dataset
from cvtool.errors import DataError, UsageError
from cvtool.files import write_atomically


def exclude(dataset: Dataset, file: Path) -> Dataset:
    """Leave out what a file lists.

    Raises
    ------
    DataError
        If the file cannot be read.
    UsageError
        If it lists images, but none of this data set.
    """
    names = read_exclusions(file)
    rest, found = dataset.without(names)
    if names and not found:
        raise UsageError(
            f"--exclude {file} lists {len(names):,} images, none of which is in {dataset.name} "
            f"(the first is '{names[0]}'): use the list that was made for this data set"
        )
    return rest


def read_exclusions(file: Path) -> list[str]:
    """Read the names of a list.

    Raises
    ------
    DataError
        If the file is not there or cannot be read.
    """
    if file.exists() and not file.is_file():  # a pipe or device may never end
        raise DataError(f"--exclude {file} is no file: pass the list that was made for this data")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read --exclude {file} ({error.strerror}): check it") from error
    lines = [os.fsdecode(line.rstrip(b"\r")) for line in content.split(b"\n")]
    names = [line.partition("\t")[0] for line in lines if not line.startswith("#")]
    return [_unescape(name) for name in names if name]


def write_exclusions(file: Path, reasons: Iterable[tuple[str, str]]) -> None:
    """Write names with the reason of each, atomically."""
    lines = ["# images to leave out: --exclude takes this file\n"]
    lines += [f"{_escape(name)}\t{_escape(reason)}\n" for name, reason in reasons]
    write_atomically(file, b"".join(map(os.fsencode, lines)))


def _escape(text: str) -> str:
    return re.sub(r"[\\\t\n\r]|^#", lambda found: "\\" + _LETTERS.get(found[0], found[0]), text)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _SIGNS.get(found[1], found[1]), text)


_LETTERS = {"\t": "t", "\n": "n", "\r": "r"}
_SIGNS = {letter: sign for sign, letter in _LETTERS.items()}
