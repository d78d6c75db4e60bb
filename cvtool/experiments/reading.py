"""Reading data sets so that one can watch: the first look into folders decodes every image."""

from collections.abc import Generator
from typing import Protocol

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.opening import open_as_it_is, open_dataset
from cvtool.datasets.request import Progress
from cvtool.experiments.background import watched
from cvtool.records import Note, WorkRecord


class NamesData(Protocol):
    """A configuration that says which images."""

    @property
    def dataset(self) -> str: ...
    @property
    def image_size(self) -> int | None: ...
    @property
    def exclude(self) -> str | None: ...


def open_configured(
    config: NamesData, progress: Progress | None = None, *, as_it_is: bool = False
) -> Dataset:
    """Open the data set that a configuration names, without what it leaves out.

    ``as_it_is`` opens it also where images are damaged or have no label.
    """
    opening = open_as_it_is if as_it_is else open_dataset
    return opening(
        config.dataset,
        image_size=config.image_size,
        excluded=config.exclude,
        progress=progress,
    )


def read(
    config: NamesData, *, as_it_is: bool = False
) -> Generator[Note | WorkRecord, None, Dataset]:
    """Open a data set and tell how far decoding is.

    Raises
    ------
    UsageError, DataError
        If there is no such data set, or it cannot be read.
    """
    yield Note(f"reading {config.dataset}")
    return (yield from watched(lambda tell: open_configured(config, tell, as_it_is=as_it_is)))
