"""Locks on files, which the system takes off a process that dies, however it dies."""

import errno
import sys
import time
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


def lock(descriptor: int) -> bool:
    """Lock a file as ``try_to_lock`` does, and wait for those who only ask whether it is locked."""
    for _ in range(_TRIES):
        if try_to_lock(descriptor):
            return True
        time.sleep(_PAUSE)
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
