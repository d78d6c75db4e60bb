"""Many image files into one array on disk, decoded by all processors.

Pillow lets go of the interpreter while it decodes, so threads are enough. The files are taken to be
like the first one until one proves otherwise, which spares a look at every header.
"""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.decoding import Shape, is_gray, opened, to_pixels, upright_shape
from cvtool.errors import DataError

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

_FILES_AT_ONCE = 64


class _ColorFoundError(Exception):
    """A file in color among what looked like gray ones."""


class _SizeFoundError(Exception):
    """A file of another size than the first."""


def decode_files(
    paths: Sequence[Path], image_size: int | None, target: Path, progress: Progress | None = None
) -> None:
    """Decode files of one size, or resize them to one, into ``target``, a ``.npy`` file.

    The array is ``(n, height, width, channels)`` uint8, with one channel if all files are gray.

    Raises
    ------
    DataError
        If a file cannot be read, if sizes differ and no ``image_size`` is given, or if the disk has
        no room.
    """
    with _without_warnings():
        with opened(paths[0]) as image:
            height, width, channels = upright_shape(image)
        if image_size is not None:
            height = width = image_size
        try:
            try:
                _decode(paths, (height, width, channels), image_size is None, target, progress)
            except _ColorFoundError:
                _decode(paths, (height, width, 3), image_size is None, target, progress)
        except _SizeFoundError:
            raise DataError(_say_sizes(paths)) from None


def _decode(
    paths: Sequence[Path], shape: Shape, same_size: bool, target: Path, progress: Progress | None
) -> None:
    pixels = _room_for((len(paths), *shape), target)

    def decode_some(start: int) -> int:
        stop = min(start + _FILES_AT_ONCE, len(paths))
        for position in range(start, stop):
            pixels[position] = _decode_one(paths[position], shape, same_size)
        return stop

    for done in _in_parallel(decode_some, range(0, len(paths), _FILES_AT_ONCE)):
        if progress is not None:
            progress(done, len(paths))
    pixels.flush()


def _decode_one(path: Path, shape: Shape, same_size: bool) -> NDArray[np.uint8]:
    with opened(path) as image:
        if shape[2] == 1 and not is_gray(image):
            raise _ColorFoundError
        if same_size and upright_shape(image)[:2] != shape[:2]:
            raise _SizeFoundError
        return to_pixels(image, shape)


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
    def shape_of(path: Path) -> Shape:
        with opened(path) as image:
            return upright_shape(image)

    sizes = sorted({shape[:2] for shape in _in_parallel(shape_of, paths)}, key=np.prod)
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
