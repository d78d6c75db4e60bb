"""Reading data sets so that one can watch: the first look into folders decodes every image."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event

from cvtool.config import DataConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.opening import open_dataset
from cvtool.datasets.request import Progress
from cvtool.records import Note, WorkRecord

_SECONDS_BETWEEN_LOOKS = 0.1


class _Stopped(Exception):  # noqa: N818  (no error: somebody left)
    """Nobody waits for the data any more."""


def open_configured(config: DataConfig, progress: Progress | None = None) -> Dataset:
    """Open the data set that a configuration names, without what it leaves out."""
    return open_dataset(
        config.dataset,
        image_size=config.image_size,
        excluded=config.exclude,
        progress=progress,
    )


def read(config: DataConfig) -> Generator[Note | WorkRecord, None, Dataset]:
    """Open a data set in a thread of its own, and tell how far decoding is.

    Raises
    ------
    UsageError, DataError
        If there is no such data set, or it cannot be read.
    """
    yield Note(f"reading {config.dataset}")
    progress: SimpleQueue[WorkRecord] = SimpleQueue()
    stopped = Event()

    def tell(record: WorkRecord) -> None:
        if stopped.is_set():
            raise _Stopped
        progress.put(record)

    with ThreadPoolExecutor(max_workers=1) as thread:
        opening = thread.submit(open_configured, config, tell)
        try:
            while not opening.done():
                try:
                    yield progress.get(timeout=_SECONDS_BETWEEN_LOOKS)
                except Empty:
                    continue
        finally:
            stopped.set()
    return opening.result()
