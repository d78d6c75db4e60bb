"""The files in a tar archive, one after another; made for archives that nobody vouches for.

The library's own ``tarfile`` believes what headers say: it reads a comment of any size into memory,
descends once more for each header that describes the next one, and searches some of them in time
that grows with the square of their size. Here a header is 512 bytes with a checksum, names have
bounds, and what is neither a file nor its name is passed over.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cvtool.datasets.layouts.expanding import Expanding
from cvtool.errors import DataError

BLOCK = 512
_MOST_HEADERS = 10_000
_LONGEST_NAME = 2**16
_FILE = (b"0", b"\0", b"7")
_WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")  # links, devices, folders and pipes
_GNU_NAME, _POSIX_HEADER, _SPARSE = b"L", b"x", b"S"


@dataclass(frozen=True)
class TarFile:
    """A regular file: its path in the archive and its bytes."""

    path: str
    size: int


def is_header(block: bytes) -> bool:
    """Whether a block is the header of a member, judged by its checksum."""
    found = re.match(rb"[ \0]*([0-7]{1,7})[ \0]", block[148:156])
    if len(block) != BLOCK or found is None:
        return False
    rest = block[:148] + b" " * 8 + block[156:]
    # Some old programs added the bytes up as signed ones.
    return int(found[1], 8) in (sum(rest), sum(rest) - 256 * sum(each > 127 for each in rest))


def tar_files(content: Expanding) -> Iterator[TarFile]:
    """Yield the regular files; whoever gets one may read its bytes from ``content``.

    Raises
    ------
    DataError
        If the archive is damaged, has very many members, or sparse ones.
    """
    long_name = None
    for _ in range(_MOST_HEADERS):
        header = content.read(BLOCK)
        if not any(header):
            content.finish()
            return
        if not is_header(header):
            raise DataError(f"{content.path} is damaged (no header of a file): fetch it again")
        kind, size = header[156:157], _size(content, header)
        start = content.position
        if kind == _SPARSE:
            raise DataError(f"{content.path} holds a sparse file: pack it again without --sparse")
        if kind == _GNU_NAME:
            long_name = _text(_read_name(content, size))
        elif kind == _POSIX_HEADER:
            long_name = _posix_path(_read_name(content, size)) or long_name
        elif kind in _FILE:
            yield TarFile(long_name or _name(header), size)
        if kind not in (_GNU_NAME, _POSIX_HEADER):
            long_name = None
        content.skip(start + -(-size // BLOCK) * BLOCK - content.position)
    raise DataError(
        f"{content.path} has more than {_MOST_HEADERS:,} members, too many for an archive of "
        f"batches: unpack it and pass its folder"
    )


def _size(content: Expanding, header: bytes) -> int:
    """Bytes that follow the header, as octal digits, or binary where they are many."""
    field = header[124:136]
    if header[156:157] in _WITHOUT_CONTENT:
        return 0
    if field[0] == 0x80:
        return int.from_bytes(field[1:])
    digits = field.strip(b" \0") or b"0"
    if re.fullmatch(rb"[0-7]+", digits) is None:
        raise DataError(f"{content.path} is damaged (a file of no size): fetch it again")
    return int(digits, 8)


def _read_name(content: Expanding, size: int) -> bytes:
    if size > _LONGEST_NAME:
        raise DataError(
            f"{content.path} has a name or comment of {size:,} bytes, which no honest archive "
            f"has: fetch it again, from elsewhere"
        )
    return content.read(size)


def _name(header: bytes) -> str:
    folder = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{folder}/{_text(header[:100])}" if folder else _text(header[:100])


def _posix_path(records: bytes) -> str | None:
    """Find the path among records ``LENGTH KEY=VALUE``, each with the end of a line."""
    path = None
    while found := re.match(rb"(\d{1,5}) ", records):
        record, records = records[: int(found[1])], records[max(int(found[1]), 1) :]
        key, _, value = record[found.end() : -1].partition(b"=")
        path = _text(value) if key == b"path" else path
    return path


def _text(field: bytes) -> str:
    return os.fsdecode(field.partition(b"\0")[0])
