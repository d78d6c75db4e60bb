"""Images as data URIs: small ones to the last bit as PNG, photographs that are large as JPEG."""

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[Any]

MOST_EXACT = 128 * 128
"""Pixels of an image that is kept as it is."""

LONGEST_SIDE = 320
"""Pixels along a side that a larger one is reduced to."""

QUALITY = 88


@dataclass(frozen=True)
class Shown:
    """A picture of the page: its address, which holds all of it, and its size in pixels."""

    source: str
    width: int
    height: int

    @property
    def is_small(self) -> bool:
        """Whether its pixels are to be seen one by one."""
        return self.width * self.height <= MOST_EXACT


def shown(image: Array) -> Shown:
    """Turn an image ``(height, width, 1 or 3)`` of bytes into what a page can hold."""
    height, width = image.shape[:2]
    picture = Image.fromarray(np.squeeze(image, axis=2) if image.shape[2] == 1 else image)
    if height * width <= MOST_EXACT:
        return Shown(_uri(picture, "png", optimize=True), width, height)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Shown(_uri(picture, "jpeg", quality=QUALITY, optimize=True), *picture.size)


def tinted(places: Array, colors: tuple[str, ...], opacity: int) -> str:
    """Draw a map of numbers ``(height, width)``, each in its color, row 0 at the bottom.

    ``opacity`` is out of 255, the same for all.
    """
    picture = Image.fromarray(np.ascontiguousarray(places[::-1], dtype=np.uint8), mode="P")
    picture.putpalette([part for each in colors for part in bytes.fromhex(each[1:])])
    return _uri(picture, "png", optimize=True, transparency=bytes([opacity] * len(colors)))


def unit_bytes(image: Array) -> Array:
    """Turn numbers from 0 to 1 into bytes."""
    return np.rint(np.asarray(image, np.float64) * 255).astype(np.uint8)


def _uri(picture: Image.Image, kind: str, **options: Any) -> str:
    content = BytesIO()
    picture.save(content, format=kind, **options)
    return f"data:image/{kind};base64,{b64encode(content.getvalue()).decode()}"
