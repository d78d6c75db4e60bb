"""From what a user typed to a file or folder that is there and may be read.

A name of a stored data set wins over a file or folder of that name in the working folder.
"""

import stat
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from cvtool.datasets.downloads.catalog import KNOWN
from cvtool.datasets.embedded.registry import EMBEDDED
from cvtool.datasets.layouts.stored import stored_sets
from cvtool.datasets.places import data_folder
from cvtool.datasets.request import expanded
from cvtool.errors import DataError, UsageError


def find(text: str) -> Path:
    """Find a data set by its name in the data folder, or by its path.

    Raises
    ------
    UsageError
        If the path is none that could be written down, no data set is called so, or it has to be
        fetched first.
    DataError
        If nothing is there, or something that may never end when it is read.
    """
    _check_text(text)
    stored = stored_sets(data_folder())
    if text in stored:
        return stored[text]
    if text in KNOWN:
        raise UsageError(
            f"{text} is not in {data_folder()} yet: fetch it with 'cvtool data fetch {text}'"
        )
    path = expanded(text)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        _refuse_missing(text, path)
    except OSError as error:
        raise unreadable(path, error) from error
    if not text:
        _refuse_missing(text, path)
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DataError(
            f"{path} is a device, pipe or socket, which may never end: copy what it gives into a "
            f"file and pass that"
        )
    return path


def unreadable(path: Path, error: OSError) -> DataError:
    """Say in words what the system has against reading something."""
    return DataError(
        f"cannot read {error.filename or path} ({error.strerror or error}): check that it is whole "
        f"and that you may read it"
    )


def _check_text(text: str) -> None:
    # A run writes down what it was started with, which must be text.
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UsageError(
            f"the path '{text}' is no text in UTF-8 and could not be written into a run's "
            f"configuration: rename it, or change to its folder and pass '.'"
        )


def _refuse_missing(text: str, path: Path) -> NoReturn:
    if text == path.name and not path.suffix:
        names = [*EMBEDDED, *stored_sets(data_folder()), *KNOWN]
        near = get_close_matches(text, names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(names)}"
        raise UsageError(f"no data set and no file or folder here is called '{text}': {hint}")
    beside = [each.name for each in path.parent.glob("*")]
    near = get_close_matches(path.name, beside, n=1)
    hint = f"did you mean '{path.parent / near[0]}'?" if near else "check the spelling"
    raise DataError(f"there is no file or folder '{path}': {hint}")
