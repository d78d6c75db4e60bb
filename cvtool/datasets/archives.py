"""Reads chosen files out of an archive as a stream; nothing is ever unpacked onto the disk."""

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from cvtool.errors import DataError

_LARGEST = 2**30
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError)  # the last one if it is encrypted
_BROKEN_TAR = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip, or a tar of any compression, judged by its content."""
    return zipfile.is_zipfile(path) or tarfile.is_tarfile(path)


def files_in_archive(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files so named, in whatever folder of the archive they are.

    Raises
    ------
    DataError
        If the archive is damaged, or a file in it is larger than 1 GiB.
    """
    members = _zip_members if zipfile.is_zipfile(path) else _tar_members
    try:
        yield from members(path, names)
    except (*_BROKEN_ZIP, *_BROKEN_TAR, OSError) as error:
        raise DataError(f"{path} is damaged ({error}): fetch it again") from error


def _zip_members(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename).name
            if name in names and not member.is_dir():
                with archive.open(member) as content:
                    yield name, _read(path, name, content)


def _tar_members(path: Path, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, "r:*") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            content = archive.extractfile(member) if name in names and member.isfile() else None
            if content is not None:
                yield name, _read(path, name, content)


def _read(path: Path, name: str, content: IO[bytes]) -> bytes:
    # What the archive says of sizes need not be true; what is read decides.
    found = content.read(_LARGEST + 1)
    if len(found) > _LARGEST:
        raise DataError(f"{name} in {path} is over 1 GiB, too large for a batch: leave it out")
    return found
