"""Locks on files, which the system takes off a process that dies, however it dies."""

import errno
import sys

_HELD = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES}

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


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
