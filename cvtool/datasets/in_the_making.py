"""Folders that appear under their names only when they are whole.

They are filled under another name beside, and renamed: a kill at any moment leaves nothing that
could be taken for whole, and what it leaves is removed by whoever comes by a day later.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cvtool.files import take_place

_UNFINISHED = ".unfinished-"
_ABANDONED = 24 * 3600  # seconds after which an unfinished folder is nobody's
_STILL = 600  # seconds without a change, after which somebody who cleans up may say so


@contextmanager
def in_the_making(folder: Path) -> Iterator[Path]:
    """Give a new folder beside ``folder`` to be filled, which then takes its name.

    If anything goes wrong in between, nothing is left.

    Raises
    ------
    FileExistsError
        At the end, if by then there is a folder so called: another process was faster.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    try:
        yield unfinished
        unfinished.chmod(0o755)  # temporary folders are made for one's own eyes
        try:
            take_place(unfinished, folder)
        except OSError as error:
            if folder.exists():
                raise FileExistsError(*error.args) from error
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def abandoned_folders(parent: Path) -> list[Path]:
    """List what was in the making when its process was killed: nothing in it changes any more."""
    found = sorted(parent.glob(f"{_UNFINISHED}*")) if parent.is_dir() else []
    return [folder for folder in found if time.time() - _last_change(folder) > _STILL]


def _last_change(folder: Path) -> float:
    changes = [0.0]
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # somebody is at work there
            changes.append(path.stat().st_mtime)
    return max(changes)


def sweep(parent: Path, *, keep: Path) -> None:
    """Remove all folders but one, and but those that others are just filling."""
    parent.mkdir(parents=True, exist_ok=True)
    for folder in set(parent.iterdir()) - {keep}:
        with suppress(FileNotFoundError):
            age = time.time() - folder.stat().st_mtime
            if not folder.name.startswith(_UNFINISHED) or age > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)
