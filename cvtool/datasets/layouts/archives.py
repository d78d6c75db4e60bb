"""Reads chosen files out of an archive as a stream; nothing is ever unpacked onto the disk."""

import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from cvtool.datasets.layouts.expanding import expanding
from cvtool.datasets.layouts.tar import BLOCK, is_header, tar_files
from cvtool.datasets.layouts.zips import is_zip, opened_member, opened_zip
from cvtool.errors import DataError

LARGEST = 2**28
"""Bytes that the files read from one archive, or folder of batches, may have together."""

_WHOLE = 2**30  # bytes that a compressed tar may expand to, with all that is passed over
_PIECE = 2**20


@dataclass(frozen=True)
class Entry:
    """A file in an archive; it can be read until the next one is asked for."""

    path: str
    size: int
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """The last part of the path; in which folder it is does not matter."""
        return PurePosixPath(self.path).name


def is_archive(path: Path) -> bool:
    """Whether a file is a zip, or a tar of any compression, judged by its first bytes."""
    return is_zip(path) or _is_tar(path)


def entries(path: Path) -> Iterator[Entry]:
    """Go through the regular files of an archive.

    Raises
    ------
    DataError
        If it is damaged, encrypted, or would take very much memory or time.
    """
    return _zip_entries(path) if is_zip(path) else _tar_entries(path)


def files_in_archive(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files so named, in whatever folder of the archive they are.

    Raises
    ------
    DataError
        If the archive is damaged, holds a name twice, or the files are larger than ``LARGEST``.
    """
    seen: set[str] = set()
    room = LARGEST
    for entry in entries(path):
        if entry.name not in names:
            continue
        if entry.name in seen:
            raise DataError(f"{path} holds {entry.name} twice, in two folders: keep only one")
        seen.add(entry.name)
        room -= entry.size
        if room < 0:
            raise DataError(
                f"{entry.name} in {path} makes more than {LARGEST / 2**20:.0f} MiB to read, too "
                f"large for batches of images: make sure that it is what you meant to fetch"
            )
        yield entry.name, entry.read()


def _zip_entries(path: Path) -> Iterator[Entry]:
    with opened_zip(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                read = partial(_read_member, path, archive, member)
                yield Entry(member.filename, member.file_size, read)


def _read_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with opened_member(path, archive, member) as content:
        return b"".join(iter(lambda: content.read(_PIECE), b""))  # at most what it says it has


def _is_tar(path: Path) -> bool:
    try:
        with expanding(path, most=_WHOLE) as content:
            return is_header(content.read_up_to(BLOCK))
    except DataError:  # compressed but damaged, of whatever it may have been
        return False


def _tar_entries(path: Path) -> Iterator[Entry]:
    with expanding(path, most=_WHOLE) as content:
        for file in tar_files(content):
            yield Entry(file.path, file.size, partial(content.read, file.size))
