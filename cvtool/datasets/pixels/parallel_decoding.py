"""Many image files into one array on disk, by all processors if there is enough to do.

The files are taken to be like the first one until one proves otherwise, which spares a look at
every header.
"""

import os
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from shutil import disk_usage
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.pixels.decoding import (
    MOST_PIXELS,
    Shape,
    Size,
    UnreadableError,
    decode,
    no_image,
    stored_size,
)
from cvtool.datasets.pixels.decoding_pieces import Job, Told, decode_piece
from cvtool.datasets.pixels.decoding_workers import WORKERS, decode_with_workers
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_FILES_AT_ONCE = 64
_BYTES_AT_ONCE = 2**23
_SECONDS_TRIED = 0.2  # after which it is known how long the rest would take
_SECONDS_WORTH_WORKERS = 2.0  # of that rest, for starting them takes time as well
_SIZES_LOOKED_AT = 2000


@dataclass(frozen=True, eq=False)
class Seen:
    """What files have told of themselves: see ``dataset.Files``."""

    sizes: NDArray[np.int32]
    modes: NDArray[np.str_]
    damaged: dict[int, str]

    @classmethod
    def nothing(cls, count: int) -> "Seen":
        """Start without having seen any of so many files."""
        return cls(np.zeros((count, 2), np.int32), np.zeros(count, "U8"), {})

    def note(self, start: int, told: Told) -> None:
        """Take down what a piece has told."""
        stop = start + len(told.sizes)
        self.sizes[start:stop], self.modes[start:stop] = told.sizes, told.modes
        self.damaged.update((start + number, reason) for number, reason in told.damaged)


class SizesDifferError(DataError):
    """Images are of several sizes, and none was asked for."""


class _UnlikeError(Exception):
    """A picture that the array cannot take."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.shape = shape


def decode_files(paths: Sequence[str], target: Path, request: Request) -> Seen:
    """Decode files of one size, or resize them to one, into ``target``, a ``.npy`` file.

    The array is ``(n, height, width, channels)`` uint8, with one channel if all files are gray;
    the pixels of files that cannot be read are zero.

    Raises
    ------
    SizesDifferError
        If sizes differ and the request names none.
    DataError
        If no file can be read, or the disk has no room.
    OSError
        If the file cannot be written.
    """
    shape = _first_shape(paths, request.image_size)
    while True:
        try:
            return _decode_alike(paths, shape, target, request)
        except _UnlikeError as error:
            if error.shape[:2] != shape[:2]:
                raise SizesDifferError(_say_sizes(paths, shape[:2], error.shape[:2])) from None
            shape = (*shape[:2], 3)  # color among what looked like gray files


def _first_shape(paths: Sequence[str], side: int | None) -> Shape:
    """Shape of the first file that can be read."""
    failure: DataError | None = None
    size = None if side is None else (side, side)
    for path in paths:
        try:
            height, width, channels = decode(path, size).pixels.shape
        except UnreadableError as error:
            failure = failure or no_image(path, str(error))
        else:
            return height, width, channels
    raise failure or DataError("there are no images: name some")


def _decode_alike(paths: Sequence[str], shape: Shape, target: Path, request: Request) -> Seen:
    resize = request.image_size is not None
    offset = _make_room((len(paths), *shape), target)
    job = Job(str(target), offset, shape, resize, MOST_PIXELS)
    seen, done = Seen.nothing(len(paths)), 0
    with closing(_everything_told(job, paths)) as pieces:
        for start, told in pieces:
            if told.unlike is not None:
                raise _UnlikeError(told.unlike)
            seen.note(start, told)
            done += len(told.sizes) - len(told.passed_over)
            request.tell("decoding image", done, len(paths))
    with target.open("r+b") as file:
        os.fsync(file.fileno())
    return seen


def _make_room(shape: tuple[int, ...], target: Path) -> int:
    """Write the header of an array and a hole for its content; return where that starts."""
    needed, free = prod(shape), disk_usage(target.parent).free
    if needed > free:
        raise DataError(
            f"the decoded images need {needed / 1e6:,.0f} MB in {target.parent} but only "
            f"{free / 1e6:,.0f} MB are free: make room or pass a smaller --image-size"
        )
    with target.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        start = file.tell()
        file.truncate(start + needed)
    return start


def _everything_told(job: Job, paths: Sequence[str]) -> Generator[tuple[int, Told], None, None]:
    step = min(_FILES_AT_ONCE, max(1, _BYTES_AT_ONCE // prod(job.shape)))
    starts = range(0, len(paths), step)
    passed_over: list[int] = []
    with closing(_told_in_order(job, starts, paths)) as pieces:
        for start, told in zip(starts, pieces, strict=True):
            passed_over += [start + number for number in told.passed_over]
            yield start, told
    for position in passed_over:  # one at a time, now that the memory is free
        yield position, decode_piece(job, position, [paths[position]])


def _told_in_order(job: Job, starts: range, paths: Sequence[str]) -> Generator[Told, None, None]:
    began = perf_counter()

    def paths_from(start: int) -> Sequence[str]:
        return paths[start : start + starts.step]

    for number, start in enumerate(starts):
        spent = perf_counter() - began
        rest = spent / max(1, number) * (len(starts) - number)
        if WORKERS > 1 and spent > _SECONDS_TRIED and rest > _SECONDS_WORTH_WORKERS:
            yield from decode_with_workers(job, starts[number:], paths_from)
            return
        yield decode_piece(job, start, paths_from(start))


def _say_sizes(paths: Sequence[str], *known: Size) -> str:
    sizes = set(known)
    for path in paths[:: max(1, len(paths) // _SIZES_LOOKED_AT)]:
        with suppress(UnreadableError):
            sizes.add(stored_size(path))
    smallest, *_, largest = sorted(sizes, key=prod)
    words = [f"{height}×{width}" for height, width in (smallest, largest)]
    return (
        f"images must be of one size but come in {len(sizes)}, from {words[0]} to {words[1]} "
        f"(height×width): pass --image-size to resize them all"
    )
