"""A hidden folder beside the data where one process at a time makes files ready.

``FOLDER/.unfinished/`` holds a lock and whatever is not ready yet. The system takes the lock off a
process that dies, however it dies, and whoever comes next finds the folder as it was left.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cvtool.locks import try_to_lock

_NAME = ".unfinished"
_PAUSE = 0.1  # seconds between two looks at a lock that another process holds


def is_tidy(folder: Path) -> bool:
    """Whether nobody is in, and nobody was killed there."""
    return not (folder / _NAME).exists()


@contextmanager
def workshop_in(folder: Path, wait: Callable[[], None]) -> Iterator[Path]:
    """Have the hidden folder to oneself, made if need be and removed at the end.

    Parameters
    ----------
    folder
        Where the files will lie.
    wait
        Called again and again while another process is in; may raise to give up.

    Raises
    ------
    OSError
        Naming the file, if the folder cannot be written.
    """
    workshop = folder / _NAME
    descriptor = _enter(workshop, wait)
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        os.close(descriptor)


def _enter(workshop: Path, wait: Callable[[], None]) -> int:
    while True:
        workshop.mkdir(parents=True, exist_ok=True)
        lock = workshop / "lock"
        # The one before may take the folder away between any two of these lines.
        with suppress(FileNotFoundError):
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                _wait_for(descriptor, wait)
                if os.path.samestat(os.fstat(descriptor), lock.stat()):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)


def _wait_for(descriptor: int, wait: Callable[[], None]) -> None:
    while not try_to_lock(descriptor):
        wait()
        time.sleep(_PAUSE)
