"""Processes compile a kernel in turns: the first does it, the others load what it has compiled.

Several begin together where tests, or workers of a search, share a cache that is still empty. Two
that save the same kernel for other types at once would also give both the same file in numba's
cache, and whoever loads it later runs code for other types.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from numba.core.compiler_lock import global_compiler_lock

from cvtool.locks import try_to_lock

_PAUSE = 0.02  # seconds between two looks at a lock that another process holds
_PATIENCE = 120.0  # seconds; whoever was stopped in the middle must not stop all others


def compile_in_turns(kernel: Any, folder: Path) -> Any:
    """Return a kernel, of numba, that no two processes compile or load at once.

    The lock of this process comes first, as in numba, so that threads do not wait for each other.
    """
    compile_here: Callable[[Any], Any] = kernel.compile
    lock = folder / f"{kernel.__module__}.{kernel.__qualname__}.lock"

    def compile_alone(signature: Any) -> Any:
        with global_compiler_lock, _holding(lock):
            return compile_here(signature)

    kernel.compile = compile_alone
    return kernel


@contextmanager
def _holding(lock: Path) -> Iterator[None]:
    descriptor = None
    with suppress(OSError):  # where nothing can be written there is no cache to share
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    if descriptor is None:
        yield
        return
    try:
        last = time.monotonic() + _PATIENCE
        while not try_to_lock(descriptor) and time.monotonic() < last:
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)
