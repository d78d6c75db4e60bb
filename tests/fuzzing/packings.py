"""What lies in what: a packed file comes apart into pieces and is put together again, valid.

Damage to the outermost bytes mostly stops at the first checksum. So that it gets further in, the
pieces are damaged instead, and the sums made to fit.
"""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

Pieces = list[bytes]


class Packing(NamedTuple):
    """How to take a file apart, and to make it again from other pieces."""

    magic: bytes
    at: int
    split: Callable[[bytes], Pieces]
    join: Callable[[bytes, Pieces], bytes]


def packing_of(content: bytes) -> Packing | None:
    """Tell by its first bytes how a file is packed, if it is."""
    return next(
        (each for each in PACKINGS if content[each.at : each.at + len(each.magic)] == each.magic),
        None,
    )


def _split_zip(content: bytes) -> Pieces:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(member) for member in archive.infolist()]


def _join_zip(content: bytes, pieces: Pieces) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(memory, "w") as archive:
        for member, piece in zip(old.infolist(), pieces, strict=True):
            archive.writestr(member.filename, piece, member.compress_type)
    return memory.getvalue()


def _split_tar(content: bytes) -> Pieces:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return [archive.extractfile(member).read() for member in archive]


def _join_tar(content: bytes, pieces: Pieces) -> bytes:
    memory = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as old,
        tarfile.open(fileobj=memory, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for member, piece in zip(old, pieces, strict=True):
            member.size, member.pax_headers = len(piece), {}
            archive.addfile(member, io.BytesIO(piece))
    return memory.getvalue()


def _split_png(content: bytes) -> Pieces:
    """Take chunks apart, their names before their content; pixels are expanded."""
    pieces, at = [], 8
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        pieces.append(name + (zlib.decompress(body) if name == b"IDAT" else body))
        at += 12 + length
    return pieces


def _join_png(_: bytes, pieces: Pieces) -> bytes:
    written = [b"\x89PNG\r\n\x1a\n"]
    for piece in pieces:
        name, body = piece[:4], piece[4:]
        body = zlib.compress(body, 1) if name == b"IDAT" else body
        written.append(struct.pack(">I", len(body)) + name + body)
        written.append(struct.pack(">I", zlib.crc32(name + body)))
    return b"".join(written)


PACKINGS = [
    Packing(b"\x1f\x8b", 0, lambda c: [gzip.decompress(c)], lambda _, p: gzip.compress(p[0], 1)),
    Packing(b"PK\x03\x04", 0, _split_zip, _join_zip),
    Packing(b"ustar", 257, _split_tar, _join_tar),
    Packing(b"\x89PNG", 0, _split_png, _join_png),
]
