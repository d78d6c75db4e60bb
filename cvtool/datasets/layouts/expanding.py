"""A file as a stream of bytes, expanded on the way where it is compressed by gzip, bzip2 or xz.

A few bytes can expand to more than any memory holds. What is asked for is therefore all that is
ever expanded, and no more than the reader says that its layout can hold.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from cvtool.errors import DataError

_AT_ONCE = 2**13  # bytes given to an expander
_PIECE = 2**20  # bytes expanded at once
_MOST_EMPTY = 1000  # compressed files of nothing, one after another
_XZ_MEMORY = 2**28  # what the strongest preset needs, four times over
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError)


@contextmanager
def expanding(path: Path, *, most: int) -> Iterator["Expanding"]:
    """Open a file, of which a reader wants ``most`` bytes at most.

    Raises
    ------
    DataError
        Now or later: if what is compressed is damaged, cut off, or expands to more.
    OSError
        If the file cannot be opened.
    """
    with path.open("rb") as file:
        yield Expanding(path, file, most)


class Expanding:
    """What a file holds, from its first byte to its last; there is no way back.

    ``position`` counts the bytes that have been passed, after they were expanded.
    """

    def __init__(self, path: Path, file: BinaryIO, most: int) -> None:
        self.path, self.position = path, 0
        self._file, self._most = file, most
        self._start = file.read(_AT_ONCE)  # what comes next, if anything is put back
        self._make = _expander_for(self._start)
        self._expander = self._make() if self._make else None

    def read(self, count: int) -> bytes:
        """Read exactly so many bytes, or find the file cut off."""
        found = self.read_up_to(count)
        if len(found) < count:
            raise DataError(
                f"{self.path} is cut off, as a broken download leaves it: fetch it again"
            )
        return found

    def read_up_to(self, count: int) -> bytes:
        """Read so many bytes, fewer only where the file ends."""
        pieces = []
        while count > 0 and (piece := self._next(min(count, _PIECE))):
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        while count > 0:
            count -= len(self.read(min(count, _PIECE)))

    def finish(self) -> None:
        """Pass over the rest, which checks the sums that compressed files end with."""
        while self._next(_PIECE):
            pass

    def _next(self, most: int) -> bytes:
        try:
            piece = self._expand(most) if self._make else self._take(most)
        except _BROKEN as error:
            raise DataError(f"{self.path} is damaged ({error}): fetch it again") from error
        self.position += len(piece)
        if self.position > self._most:
            raise DataError(
                f"{self.path} holds, once expanded, more than the {self._most:,} bytes "
                f"that it should: make sure that it is what you meant to fetch"
            )
        return piece

    def _expand(self, most: int) -> bytes:
        """Expand something, nothing only where the file ends."""
        empty = 0
        while self._expander is not None:
            if self._expander.eof:
                self._expander = self._next_expander(self._expander.unused_data)
                empty += 1
                if empty > _MOST_EMPTY:
                    raise EOFError("its parts are empty")
                continue
            hungry = self._expander.needs_input
            fresh = self._take(_AT_ONCE) if hungry else b""
            if piece := self._expander.decompress(fresh, most):
                return piece
            if hungry and not fresh and not self._expander.eof:
                raise EOFError("it is cut off")
        return b""

    def _next_expander(self, rest: bytes) -> "_Expander | None":
        """Go on where compressed files stand one after another, as parallel programs leave them."""
        self._start = rest + self._start
        if len(self._start) < _LONGEST:
            self._start += self._file.read(_AT_ONCE)
        make = _expander_for(self._start)
        return make() if make and make is self._make else None

    def _take(self, most: int) -> bytes:
        """Take the next bytes of the file as they are."""
        if not self._start:
            return self._file.read(most)
        taken, self._start = self._start[:most], self._start[most:]
        return taken


class _Expander(Protocol):
    """What the decompressors of bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """Zlib's decompressor with the manners of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _xz() -> _Expander:
    return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)


def _expander_for(start: bytes) -> Callable[[], _Expander] | None:
    return next((make for magic, make in _EXPANDERS.items() if start.startswith(magic)), None)


_EXPANDERS: dict[bytes, Callable[[], _Expander]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": _xz,
}
"""How to expand, by what the file begins with."""
_LONGEST = max(map(len, _EXPANDERS))
