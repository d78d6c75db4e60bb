"""One image file to pixels: upright, eight bits, gray or RGB; or a few words why not.

Transparent pixels are laid over white, sixteen bits are scaled down to eight, the orientation that
a camera noted is applied, and of an animation the first picture is taken.

Files come from anywhere. Only regular files are opened, so that nothing waits for the other end of
a pipe; only formats of raster pictures are tried, of the many that Pillow knows; and what a header
claims is held against the memory that one picture may take before any of it is decoded.
"""

import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from cvtool.datasets.pixels.plain_jpeg import decode_plain, plain_frame
from cvtool.datasets.pixels.raster import (
    FORMATS,
    flatten,
    on_its_side,
    orientation,
    pixels_held,
    turn,
)
from cvtool.errors import DataError

Size = tuple[int, int]
Shape = tuple[int, int, int]

MOST_PIXELS = 2**25
"""To be decoded at once; each takes up to some twenty bytes on its way."""

WITHHELD = "permission denied"
"""The reason that says nothing about a file itself."""

_MOST_BYTES = 2**28  # of a file: some formats are read as a whole
_FIRST_BYTES = 2**16
_LONGEST_REASON = 100
_BYTES = re.compile("b['\"]")  # quoted from the file: no words


class Picture(NamedTuple):
    """What a file holds.

    Parameters
    ----------
    pixels
        ``(height, width, channels)`` uint8, with one channel if the file is gray.
    size
        Height and width of the file, upright, before any resizing.
    mode
        Pillow's name of the pixel format, as ``RGB``.
    """

    pixels: NDArray[np.uint8]
    size: Size
    mode: str


class UnreadableError(Exception):
    """Why a file is no image for us, in a few words on one line that do not name it."""


class TooLargeError(UnreadableError):
    """The picture claims more pixels than may be decoded at once."""


def read_image(path: Path, shape: Shape) -> NDArray[np.uint8]:
    """Read a file as uint8 pixels of the given shape, resized and recolored where it must be.

    Raises
    ------
    DataError
        If the file is missing or no image.
    """
    try:
        pixels = decode(path, shape[:2]).pixels
    except UnreadableError as error:
        raise no_image(path, str(error)) from error
    if shape[2] == 1 and pixels.shape[2] == 3:
        pixels = np.asarray(Image.fromarray(pixels).convert("L"))[..., np.newaxis]
    return np.broadcast_to(pixels, shape)


def no_image(path: str | Path, reason: str) -> DataError:
    """Say that a file cannot be read, and why."""
    return DataError(f"cannot read {path} as an image ({reason}): repair it or move it elsewhere")


def decode(path: str | Path, size: Size | None = None, most: int = MOST_PIXELS) -> Picture:
    """Decode a file, and resize it to height and width, with antialias, where these are given.

    Raises
    ------
    TooLargeError
        If it claims more than ``most`` pixels.
    UnreadableError
        If it is missing, no regular file, of no known format, or damaged.
    """
    with _regular_file(path) as file:
        return _short_way(file, size, most) or _through_pillow(file, size, most)


def stored_size(path: str | Path) -> Size:
    """Read height and width of an upright image from its header alone, which may be wrong.

    Raises
    ------
    UnreadableError
        If it is missing, or of no known format.
    """
    with _regular_file(path) as file, _in_words(), _opened(file) as image:
        width, height = image.size
        turned = image.format != "TIFF" and on_its_side(orientation(image))  # Pillow turns a TIFF
        return (width, height) if turned else (height, width)


def _regular_file(path: str | Path) -> FileIO:
    try:
        file = FileIO(path, opener=_open_at_once)
    except (OSError, ValueError) as error:  # the latter of names that no file can have
        raise UnreadableError(_reason(error)) from error
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size <= _MOST_BYTES:
        return file
    file.close()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("no regular file")
    raise UnreadableError(f"takes over {_MOST_BYTES // 10**6} MB: scale it down")


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait until somebody writes into it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _short_way(file: FileIO, size: Size | None, most: int) -> Picture | None:
    try:
        content = file.read(_FIRST_BYTES)
        frame = plain_frame(content)
        if frame is None or size not in (None, frame[:2]) or frame.height * frame.width > most:
            return None
        pixels = decode_plain(content + file.read(), frame)
    except OSError:
        return None
    mode = "L" if frame.channels == 1 else "RGB"
    return None if pixels is None else Picture(pixels, frame[:2], mode)


def _through_pillow(file: FileIO, size: Size | None, most: int) -> Picture:
    with _in_words(), _opened(file) as image:
        stored, mode = image.size, image.mode
        # A JPEG far too large is cheaper to decode at half, a quarter or an eighth of its size;
        # twice the final size is left to the antialiased resize.
        drafted = size is not None and image.draft(None, (2 * max(size), 2 * max(size)))
        _check_claim(image, stored, most)
        image.load()
        noted = orientation(image)
        width, height = stored if drafted else image.size
        picture = turn(flatten(image), noted)
        if size is not None and picture.size != size[::-1]:
            picture = picture.resize(size[::-1], Image.Resampling.BILINEAR)
        pixels = np.asarray(picture)
    return Picture(
        pixels if pixels.ndim == 3 else pixels[..., np.newaxis],
        (width, height) if on_its_side(noted) else (height, width),
        mode,
    )


@contextmanager
def _opened(file: FileIO) -> Iterator[Image.Image]:
    file.seek(0)
    with BufferedReader(file) as buffered, Image.open(buffered, formats=FORMATS) as image:
        yield image


def _check_claim(image: Image.Image, stored: tuple[int, int], most: int) -> None:
    pixels = pixels_held(image, stored)
    if pixels > most:
        raise TooLargeError(_claims(f"{stored[0]:,}×{stored[1]:,}"))
    if not pixels:
        raise UnreadableError("has no pixels")


def _claims(pixels: str) -> str:
    return f"claims {pixels} pixels, over {MOST_PIXELS // 10**6} million: scale it down"


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in words whatever Pillow raises, which of damaged files can be anything."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which nobody can act on
            yield
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(_reason(error)) from error


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            reason = "no such file"
        case UnidentifiedImageError():
            reason = "no known image format"
        case Image.DecompressionBombError():
            reason = _claims(f"{int(re.findall(r'[0-9]+', str(error))[0]):,}")
        case PermissionError():
            reason = WITHHELD
        case MemoryError():
            reason = "needs more memory than there is"
        case OSError() if error.strerror:
            reason = error.strerror[0].lower() + error.strerror[1:]
        case OSError() | ValueError() | SyntaxError() | EOFError():
            reason = " ".join(str(error).split())
        case _:  # an accident, on the way through what makes no sense
            reason = ""
    return "damaged" if not reason or _BYTES.search(reason) else reason[:_LONGEST_REASON]
