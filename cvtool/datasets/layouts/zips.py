"""Zip files that nobody vouches for: whatever is wrong with one is told in words."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cvtool.errors import DataError

_CONTENTS = 2**22  # bytes of its list of contents; each entry becomes an object in memory
_PIECE = 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, IndexError),
    *(ValueError, OverflowError, NotImplementedError),
)


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; what is wrong with it, found now or while it is read, is a DataError."""
    with _telling(path), _Bounded(path) as file, zipfile.ZipFile(file) as archive:
        yield archive


def fill(content: IO[bytes], target: memoryview) -> None:
    """Fill all of ``target``, a piece at a time, so that no more is expanded than there is room."""
    for start in range(0, len(target), _PIECE):
        part = target[start : start + _PIECE]
        found = content.read(len(part))
        if len(found) != len(part):
            raise EOFError("it is cut off")
        part[:] = found


@contextmanager
def opened_member(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo
) -> Iterator[IO[bytes]]:
    """Open one file of a zip, unless it is encrypted or packed in an unusual way."""
    name = f"{member.filename} in {path}"
    if member.flag_bits & 1:
        raise DataError(f"{name} is encrypted: unpack it with its password")
    if member.compress_type not in _METHODS:
        raise DataError(
            f"{name} is packed by another method than deflate, which every program knows: pack it "
            f"again so"
        )
    with _telling(path), archive.open(member) as content:
        yield content


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DataError(f"{path} is damaged ({error}): fetch it again") from error


class _Bounded(io.FileIO):
    """A file of which no more is read at once than an honest zip has in one place."""

    def read(self, count: int | None = -1, /) -> bytes:
        if count is None or count < 0:
            count = os.fstat(self.fileno()).st_size - self.tell()
        if count > _CONTENTS:
            raise DataError(
                f"{self.name} has a list of contents over {_CONTENTS / 2**20:.0f} MiB, which "
                f"neither arrays nor batches need: unpack it and pass its folder"
            )
        return super().read(max(count, 0)) or b""
