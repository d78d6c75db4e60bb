"""Pictures as Pillow opens them: which formats may be, which way is up, and eight bits for all."""

from contextlib import suppress
from importlib import import_module

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TiffImageFile

_PLUGINS = {
    "JPEG": "Jpeg",
    "PNG": "Png",
    "BMP": "Bmp",
    "GIF": "Gif",
    "WEBP": "WebP",
    "TIFF": "Tiff",
    "PPM": "Ppm",
    "JPEG2000": "Jpeg2K",
    "AVIF": "Avif",
}


def _registered(name: str) -> bool:
    with suppress(ImportError):  # AVIF came late to Pillow
        import_module(f"PIL.{_PLUGINS[name]}ImagePlugin")
    return name in Image.OPEN


FORMATS = tuple(name for name in _PLUGINS if _registered(name))
"""Those of raster pictures; others that Pillow knows start programs, or are none."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_ON_ITS_SIDE = 5
_NOTES = {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"}
_PREMULTIPLIED = {"La": "LA", "RGBa": "RGBA"}
_BITS_PER_SAMPLE, _PHOTOMETRIC, _TILE_WIDTH, _TILE_HEIGHT = 258, 262, 322, 323  # tags of TIFF
_WHITE_IS_ZERO = 0


def pixels_held(image: Image.Image, stored: tuple[int, int]) -> int:
    """Count the pixels for which decoding takes memory, before it starts.

    ``stored`` is the size that the file claims; a JPEG may be about to be decoded at less.
    """
    pixels = image.width * image.height
    if isinstance(image, JpegImageFile):
        # Coefficients of all but the simplest files are held in full size, in two bytes each.
        once = 1 if "progressive" in image.info else 4
        return max(pixels, stored[0] * stored[1] // once)
    if isinstance(image, TiffImageFile):
        tile = image.tag_v2.get(_TILE_WIDTH, 0) * image.tag_v2.get(_TILE_HEIGHT, 0)
        return max(pixels, int(tile))
    return pixels


def orientation(image: Image.Image) -> int:
    """Tell how a camera was held, from 1 to 8 as in EXIF; 1 where nothing sensible is noted.

    Pillow turns a TIFF by itself.
    """
    noted = 1
    if _NOTES.isdisjoint(image.info):
        return noted
    with suppress(Exception):  # of damaged notes, Pillow raises anything; the picture is there
        noted = image.getexif().get(ExifTags.Base.Orientation, 1)
    return noted if noted in _UPRIGHT else 1


def on_its_side(turned: int) -> bool:
    """Whether height and width change places when a picture of this orientation is turned."""
    return turned >= _FIRST_ON_ITS_SIDE


def turn(image: Image.Image, noted: int) -> Image.Image:
    """Turn a picture of this orientation upright."""
    return image.transpose(_UPRIGHT[noted]) if noted in _UPRIGHT else image


def flatten(image: Image.Image) -> Image.Image:
    """Make it opaque, of eight bits, gray if it stores one brightness a pixel and RGB otherwise.

    Raises
    ------
    ValueError
        If nothing says which values are black and white.
    """
    if image.mode == "F":
        raise ValueError("float pixels have no known range")
    if image.mode.startswith("I"):
        return Image.fromarray(_from_sixteen_bits(image))
    gray = image.mode in {"1", "L", "LA", "La"}
    if image.mode in _PREMULTIPLIED:
        image = image.convert(_PREMULTIPLIED[image.mode])
    if not image.has_transparency_data:
        opaque = "L" if gray else "RGB"
        return image if image.mode == opaque else image.convert(opaque)
    image = image.convert("LA" if gray else "RGBA")
    canvas = Image.new("L" if gray else "RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas


def _from_sixteen_bits(image: Image.Image) -> NDArray[np.uint8]:
    values, tags = np.asarray(image), getattr(image, "tag_v2", {})
    brightest = 4095 if tags.get(_BITS_PER_SAMPLE) == (12,) else 65_535
    if values.min() < 0 or values.max() > brightest:
        raise ValueError("pixels of more than sixteen bits have no known range")
    scaled = (values.astype(np.uint32) * 255 + brightest // 2) // brightest
    pixels = scaled.astype(np.uint8)
    if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        pixels = 255 - pixels
    if "transparency" in image.info:
        pixels[values == image.info["transparency"]] = 255
    return pixels
