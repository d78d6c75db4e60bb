"""``data import``: a data set of any layout becomes one of ours, under a name."""

import re
from collections.abc import Generator, Iterator

from cvtool.config import ImportConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.layouts.stored import read_stored, refuse_taken, write_stored
from cvtool.datasets.opening import reserved_names
from cvtool.datasets.places import data_folder, size_on_disk
from cvtool.datasets.request import Place, Request, expanded
from cvtool.errors import UsageError
from cvtool.experiments.background import watched
from cvtool.experiments.reading import read
from cvtool.files import check_folder_name
from cvtool.records import Imported, Note, WorkRecord

Record = Note | WorkRecord | Imported


def import_dataset(config: ImportConfig) -> Iterator[Record]:
    """Store a data set under ``data/NAME``; the last record says what it has become.

    Raises
    ------
    UsageError
        If the name is taken, reserved, or cannot name a folder.
    DataError
        If the data cannot be read, or the disk has no room.
    """
    name = config.name or _name_of(config.dataset)
    check_name(name)
    dataset = yield from read(config)
    yield (yield from store(dataset, name, source=config.dataset))


def store(dataset: Dataset, name: str, *, source: str) -> Generator[Record, None, Imported]:
    """Write a data set down under a name, and read it once to know its checksum."""
    folder = data_folder() / name
    yield from watched(lambda tell: write_stored(dataset, folder, source=source, progress=tell))
    yield Note("reading it back")
    stored = read_stored(Request(folder))
    return Imported(
        name=name,
        path=str(folder),
        source=source,
        images=len(stored.train) + len(stored.validation or ()),
        test_images=len(stored.test or ()),
        classes=len(stored.classes),
        shape=stored.image_shape,
        bytes=size_on_disk(folder),
        checksum=stored.checksum,
    )


def check_name(name: str) -> None:
    """Hold a name to what can be told from paths and from what the program brings.

    Raises
    ------
    UsageError
        If it cannot.
    """
    check_folder_name(name)
    if name in reserved_names():
        raise UsageError(f"'{name}' is the name of a data set already: choose another --name")
    refuse_taken(data_folder() / name)


def _name_of(text: str) -> str:
    """Name a data set after its file or folder, without endings."""
    name = Request(expanded(Place.parse(text).text)).name
    return re.sub(r"[^\w.-]+", "-", name.partition(".")[0]).strip("-.")
