"""One image file to pixels: upright, eight bits, gray or RGB.

Transparent pixels are laid over white, sixteen bits are scaled down to eight, the orientation that
a camera noted is applied, and of an animation the first picture is taken.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from cvtool.errors import DataError

Shape = tuple[int, int, int]

_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open an image file lazily; what Pillow cannot read, now or later, is a DataError."""
    try:
        with Image.open(path) as image:
            yield image
    except (*_UNREADABLE, Image.DecompressionBombError) as error:
        unknown = isinstance(error, UnidentifiedImageError)
        reason = "no known image format" if unknown else str(error)
        raise DataError(
            f"cannot read {path} as an image ({reason}): repair it or move it elsewhere"
        ) from error


def is_gray(image: Image.Image) -> bool:
    """Whether the file stores one brightness a pixel, not colors."""
    return image.mode in {"1", "L", "LA"} or image.mode.startswith("I")


def upright_shape(image: Image.Image) -> Shape:
    """``(height, width, channels)`` as an upright viewer sees it, read from the header alone."""
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    width, height = reversed(image.size) if turned else image.size
    return height, width, 1 if is_gray(image) else 3


def read_image(path: Path, shape: Shape) -> NDArray[np.uint8]:
    """Read a file as uint8 pixels of the given shape, resized and recolored where it must be.

    Raises
    ------
    DataError
        If the file is missing or no image.
    """
    with opened(path) as image:
        return to_pixels(image, shape)


def to_pixels(image: Image.Image, shape: Shape) -> NDArray[np.uint8]:
    """Decode an opened image into ``(height, width, channels)`` uint8, resizing with antialias."""
    height, width, channels = shape
    # A JPEG far too large is cheaper to decode at half, a quarter or an eighth of its size; twice
    # the final size is left to the antialiased resize.
    image.draft(None, (2 * max(height, width), 2 * max(height, width)))
    ImageOps.exif_transpose(image, in_place=True)
    picture = _eight_bits(image).convert("L" if channels == 1 else "RGB")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture).reshape(shape)


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return _from_sixteen_bits(image)
    if image.mode == "F":
        raise ValueError("float pixels have no known range")
    return _over_white(image) if image.has_transparency_data else image


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    if values.min() < 0 or values.max() > 65_535:
        raise ValueError("pixels of more than sixteen bits have no known range")
    return Image.fromarray(np.rint(values / 257).astype(np.uint8))


def _over_white(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGBA", image.size, "white")
    canvas.alpha_composite(image.convert("RGBA"))
    return canvas
