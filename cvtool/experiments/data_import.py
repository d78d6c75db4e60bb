"""``data import``: a data set of any layout becomes one of ours, under a name."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

from cvtool.config import ImportConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.layouts.stored import read_stored, write_stored
from cvtool.datasets.opening import reserved_names
from cvtool.datasets.places import data_folder, size_on_disk
from cvtool.datasets.request import Place, Request
from cvtool.errors import UsageError
from cvtool.experiments.background import watched
from cvtool.experiments.reading import read
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
    if not re.fullmatch(r"\w[\w.-]{0,99}", name):
        raise UsageError(
            "--name takes up to 100 letters, digits, '-', '_' and '.', beginning with a letter, "
            f"a digit or '_', not '{name}'"
        )
    if name in reserved_names():
        raise UsageError(f"'{name}' is the name of a data set already: choose another --name")
    if (data_folder() / name).exists():
        raise UsageError(
            f"there is a data set '{name}' already: choose another --name, or remove the folder "
            f"{data_folder() / name}"
        )


def _name_of(text: str) -> str:
    """Name a data set after its file or folder, without endings."""
    name = Path(Place.parse(text).text).expanduser().resolve().name
    return re.sub(r"[^\w.-]+", "-", name.partition(".")[0]).strip("-.")
