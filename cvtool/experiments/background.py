"""Long work that tells how far it is, done in a thread of its own so that one can watch."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeVar

from cvtool.datasets.request import Progress
from cvtool.records import WorkRecord

_SECONDS_BETWEEN_LOOKS = 0.1

Result = TypeVar("Result")


class _Stopped(Exception):  # noqa: N818  (no error: somebody left)
    """Nobody waits for the work any more."""


def watched(work: Callable[[Progress], Result]) -> Generator[WorkRecord, None, Result]:
    """Do the work, which tells how far it is, and pass on what it tells; return what it returns.

    Whoever stops listening stops the work, the next time that it has something to tell.
    """
    told: SimpleQueue[WorkRecord] = SimpleQueue()
    stopped = Event()

    def tell(record: WorkRecord) -> None:
        if stopped.is_set():
            raise _Stopped
        told.put(record)

    with ThreadPoolExecutor(max_workers=1) as thread:
        working = thread.submit(work, tell)
        try:
            while not working.done():
                try:
                    yield told.get(timeout=_SECONDS_BETWEEN_LOOKS)
                except Empty:
                    continue
        finally:
            stopped.set()
    return working.result()
