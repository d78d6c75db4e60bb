"""Data sets whose images are files of their own: a listing of files with labels becomes examples.

Layouts differ in where the labels stand, in folder names or in a list; what is done with the files
is the same, and is done here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.pixels.pixel_cache import ImageFile, cached_pixels
from cvtool.datasets.request import Request


@dataclass(frozen=True)
class Labeled:
    """The files of one part with the number of each one's class, −1 where there is none."""

    files: list[ImageFile]
    labels: list[int]


@dataclass(frozen=True)
class Listing:
    """The files of all parts, ``train`` first, their paths below ``root``, and the classes."""

    root: Path
    classes: tuple[str, ...]
    parts: Mapping[str, Labeled]


def read_listing(listing: Listing, request: Request) -> Dataset:
    """Read all files, from the cache where they have been decoded before.

    Raises
    ------
    DataError
        If sizes differ and none is asked for, or there is no place to keep the pixels.
    """
    files = [file for part in listing.parts.values() for file in part.files]
    decoded = cached_pixels(listing.root, files, request)
    parts, start = {}, 0
    for name, part in listing.parts.items():
        stop = start + len(part.files)
        parts[name] = Examples(
            decoded.pixels[start:stop],
            np.array(part.labels, np.int64),
            decoded.files.part(start, stop),
        )
        start = stop
    return Dataset(
        name=request.name,
        classes=listing.classes,
        checksum_file=decoded.folder / "checksum",
        **parts,
    )
