"""Locks on files, which the system takes off a process that dies, however it dies."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TRIES, _PAUSE = 5, 0.02
_HELD = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES}

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_locked(path: Path) -> bool:
    """Tell whether a process holds a file locked, as far as can be found out.

    Asking takes the lock for a moment.
    """
    try:
        with path.open("rb") as file:
            return not try_to_lock(file.fileno())
    except OSError:
        return False


@contextmanager
def locking(path: Path) -> Iterator[bool]:
    """Make a file and lock it until the end of the block, which also removes it.

    Yields
    ------
    Whether nobody else has it locked; who only asks is waited for.
    """
    for _ in range(_TRIES):
        with path.open("ab") as file:
            if try_to_lock(file.fileno()) and _is_at(path, file.fileno()):
                try:
                    yield True
                finally:
                    with suppress(OSError):  # removed with its folder, or kept open by a system
                        path.unlink()
                return
        time.sleep(_PAUSE)
    yield False


def _is_at(path: Path, descriptor: int) -> bool:
    """Tell whether an open file is still the one at a path: whoever held it may have removed it."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def try_to_lock(descriptor: int) -> bool:
    """Lock an open file until it is closed, unless another process, or another opening, holds it.

    On a file system without locks everybody gets one at once: whoever asks goes on, as everybody
    does who knows of none.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        return error.errno not in _HELD
    return True
