"""Many image files into one array on disk, decoded by all processors.

Pillow lets go of the interpreter while it decodes, so threads are enough. The files are taken to be
like the first one until one proves otherwise, which spares a look at every header.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.decoding import Shape, is_gray, opened, to_pixels, upright_shape
from cvtool.datasets.request import Request
from cvtool.errors import DataError

Item = TypeVar("Item")
Result = TypeVar("Result")

_FILES_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Seen:
    """What files have told of themselves: see ``dataset.Files``."""

    sizes: NDArray[np.int32]
    modes: NDArray[np.str_]
    damaged: dict[int, str]


class SizesDifferError(DataError):
    """Images are of several sizes, and none was asked for."""


class _ColorFoundError(Exception):
    """A file in color among what looked like gray ones."""


class _SizeFoundError(Exception):
    """A file of another size than the first."""


def decode_files(paths: Sequence[Path], target: Path, request: Request) -> Seen:
    """Decode files of one size, or resize them to one, into ``target``, a ``.npy`` file.

    The array is ``(n, height, width, channels)`` uint8, with one channel if all files are gray;
    the pixels of files that cannot be read are zero.

    Raises
    ------
    SizesDifferError
        If sizes differ and the request names none.
    DataError
        If no file can be read, or the disk has no room.
    """
    with _without_warnings():
        height, width, channels = _first_shape(paths)
        if request.image_size is not None:
            height = width = request.image_size
        try:
            try:
                return _decode(paths, (height, width, channels), target, request)
            except _ColorFoundError:
                return _decode(paths, (height, width, 3), target, request)
        except _SizeFoundError:
            raise SizesDifferError(_say_sizes(paths)) from None


def _first_shape(paths: Sequence[Path]) -> Shape:
    """Read the shape of the first file that can be read."""
    failure: DataError | None = None
    for path in paths:
        try:
            with opened(path) as image:
                return upright_shape(image)
        except DataError as error:
            failure = failure or error
    assert failure is not None
    raise failure


def _decode(paths: Sequence[Path], shape: Shape, target: Path, request: Request) -> Seen:
    count = len(paths)
    pixels = _room_for((count, *shape), target)
    seen = Seen(np.zeros((count, 2), np.int32), np.zeros(count, "U8"), {})
    same_size = request.image_size is None

    def decode_some(start: int) -> int:
        stop = min(start + _FILES_AT_ONCE, count)
        for position in range(start, stop):
            try:
                _decode_one(paths[position], shape, same_size, pixels, seen, position)
            except DataError as error:
                seen.damaged[position] = str(error)
        return stop

    for done in _in_parallel(decode_some, range(0, count, _FILES_AT_ONCE)):
        request.tell("decoding image", done, count)
    pixels.flush()
    return seen


def _decode_one(
    path: Path, shape: Shape, same_size: bool, pixels: NDArray[np.uint8], seen: Seen, position: int
) -> None:
    with opened(path) as image:
        found, mode = upright_shape(image), image.mode
        if shape[2] == 1 and not is_gray(image):
            raise _ColorFoundError
        if same_size and found[:2] != shape[:2]:
            raise _SizeFoundError
        pixels[position] = to_pixels(image, shape)
        seen.sizes[position], seen.modes[position] = found[:2], mode


def _room_for(shape: tuple[int, ...], target: Path) -> "np.memmap[Any, np.dtype[np.uint8]]":
    # Writing to a mapped file on a full disk kills the process, so ask first.
    needed, free = int(np.prod(shape, dtype=object)), disk_usage(target.parent).free
    if needed > free:
        raise DataError(
            f"the decoded images need {needed / 1e9:.1f} GB in {target.parent} but only "
            f"{free / 1e9:.1f} GB are free: make room or pass a smaller --image-size"
        )
    return np.lib.format.open_memmap(target, mode="w+", dtype=np.uint8, shape=shape)


def _say_sizes(paths: Sequence[Path]) -> str:
    def shape_of(path: Path) -> Shape | None:
        try:
            with opened(path) as image:
                return upright_shape(image)
        except DataError:
            return None

    shapes = {shape[:2] for shape in _in_parallel(shape_of, paths) if shape}
    sizes = sorted(shapes, key=np.prod)
    words = [f"{height}×{width}" for height, width in (sizes[0], sizes[-1])]
    return (
        f"images must be of one size but come in {len(sizes)}, from {words[0]} to {words[1]} "
        f"(height×width): pass --image-size to resize them all"
    )


def _in_parallel(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, items)


@contextmanager
def _without_warnings() -> Iterator[None]:
    # Pillow warns of odd metadata, which nobody can act on; what matters it raises.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
