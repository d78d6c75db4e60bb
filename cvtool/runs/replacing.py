"""Folders that are replaced as a whole: whoever looks finds the earlier one or the new."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cvtool.files import naming, take_place

_ABANDONED = 24 * 3600
"""Seconds after which nobody is still filling a folder."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill, which at the end takes the place of another, if there is one.

    If anything goes wrong before, the earlier folder stays as it is and nothing else is left. A
    kill may leave a hidden folder beside it, which is removed the next time if it is a day old.

    Raises
    ------
    OSError
        At once, if nothing can be written there.
    """
    _remove_abandoned(folder)
    with naming(folder):
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        filled, earlier = hidden / "filled", hidden / "earlier"
        filled.mkdir()
        yield filled
        _swap(filled, folder, earlier)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    for left in folder.parent.glob(f".{folder.name}-*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def _swap(filled: Path, folder: Path, earlier: Path) -> None:
    """Put one folder in the place of another; put that back if it cannot be done."""
    with suppress(FileNotFoundError):
        take_place(folder, earlier)
    try:
        take_place(filled, folder)
    except BaseException:
        if earlier.exists() and not folder.exists():
            take_place(earlier, folder)
        raise
