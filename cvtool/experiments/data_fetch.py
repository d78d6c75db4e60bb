"""``data fetch``: a known data set is downloaded, verified, and stored for instant use."""

from collections.abc import Iterator
from pathlib import Path

from cvtool.datasets.downloads.adopting import adopt
from cvtool.datasets.downloads.catalog import known
from cvtool.datasets.downloads.fetching import fetch as fetch_files
from cvtool.datasets.opening import open_dataset
from cvtool.datasets.places import data_folder, downloads_folder
from cvtool.errors import UsageError
from cvtool.experiments.background import watched
from cvtool.experiments.data_import import store
from cvtool.records import Imported, Note, WorkRecord

Record = Note | WorkRecord | Imported


def fetch(
    name: str, *, given: Path | None = None, mirrors: tuple[str, ...] = ()
) -> Iterator[Record]:
    """Download a data set, or take what was downloaded by hand, and store it under its name.

    Parameters
    ----------
    name
        One of the catalog.
    given
        A file, or a folder of files, that a person has downloaded.
    mirrors
        Where to look first.

    Raises
    ------
    UsageError
        If the name is unknown, or the data set is there already.
    DataError
        If a file cannot be had, or is not the one it should be.
    """
    known_set = known(name)
    if (data_folder() / name).exists():
        raise UsageError(
            f"{name} is there already, in {data_folder() / name}: use it as --dataset {name}, or "
            "remove that folder to fetch it again"
        )
    folder = downloads_folder() / name
    yield Note(f"fetching {name}")
    if given is not None:
        files = adopt(name, folder, given)
    else:
        files = yield from watched(
            lambda tell: fetch_files(name, folder, mirrors=mirrors, progress=tell)
        )
    place = files[0] if len(files) == 1 else folder
    yield Note(f"reading {place}")
    dataset = yield from watched(lambda tell: open_dataset(str(place), progress=tell))
    yield (yield from store(dataset, name, source=known_set.mirrors[0]))
