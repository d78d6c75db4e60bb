"""Decoded pixels, kept as one memory-mapped array so that a second start is instant.

``CACHE/images/SOURCE/STATE/``: SOURCE stands for the folder and the size asked for, STATE is a hash
over the path, size and time of change of every file. A folder that has changed therefore finds no
pixels and is decoded again. Beside ``pixels.npy`` stands what else the files have told:
``sizes.npy``, ``modes.npy`` and, for files that cannot be read, ``damaged.json``. All is written
into a folder beside and renamed when whole, so that a kill leaves nothing that could be taken for
whole.
"""

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Files
from cvtool.datasets.in_the_making import in_the_making, sweep
from cvtool.datasets.pixels.decoding import WITHHELD
from cvtool.datasets.pixels.parallel_decoding import decode_files
from cvtool.datasets.places import cache_folder
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_FORMAT = 3  # to be raised when the same files would decode to other pixels
_LONGEST_NAME = 40


class ImageFile(NamedTuple):
    """One file of a data set: path below its root, bytes, nanoseconds of the last change.

    The latter are zero for a file that somebody has named and that is not there.
    """

    path: str
    size: int
    modified: int


@dataclass(frozen=True, eq=False)
class Decoded:
    """What files have become, and the ``folder`` where it lies and where more can be kept.

    ``pixels`` are ``(n, height, width, channels)`` uint8, mapped from the disk and read-only.
    """

    pixels: NDArray[np.uint8]
    files: Files
    folder: Path


def cached_pixels(root: Path, files: Sequence[ImageFile], request: Request) -> Decoded:
    """Pixels of all files in their order, decoded now or at an earlier start.

    Raises
    ------
    DataError
        If sizes differ and none is asked for, or there is no place to keep the pixels.
    """
    source = _source_folder(root, request.image_size)
    folder = source / _state(files)
    decoded = _usable(root, files, folder)
    if decoded is None:
        try:
            decoded = _make(root, files, folder, request)
        except OSError as error:
            raise DataError(
                f"cannot keep decoded images in {source} ({error.strerror or error}): make room, "
                f"or set XDG_CACHE_HOME to a folder that can be written"
            ) from error
    return decoded


def _source_folder(root: Path, image_size: int | None) -> Path:
    resolved = root.resolve()
    digest = blake2b(os.fsencode(f"{resolved} {image_size}"), digest_size=8).hexdigest()
    return cache_folder() / "images" / f"{resolved.name[:_LONGEST_NAME]}-{digest}"


def _state(files: Sequence[ImageFile]) -> str:
    told = "\0".join(f"{path}\0{size}\0{modified}" for path, size, modified in files)
    return blake2b(os.fsencode(f"{_FORMAT}\0{told}"), digest_size=16).hexdigest()


def _usable(root: Path, files: Sequence[ImageFile], folder: Path) -> Decoded | None:
    """Load what is there, unless a file can be read by now that could not be.

    Permission to read is given without changing a file, and so without changing the state.
    """
    decoded = _load(files, folder)
    if decoded is None:
        return None
    withheld = [at for at, why in decoded.files.damaged.items() if why == WITHHELD]
    given = any(os.access(root / files[at].path, os.R_OK) for at in withheld)
    return None if given else decoded


def _load(files: Sequence[ImageFile], folder: Path) -> Decoded | None:
    try:
        pixels = np.load(folder / "pixels.npy", mmap_mode="r", allow_pickle=False)
        sizes = np.load(folder / "sizes.npy", allow_pickle=False)
        modes = np.load(folder / "modes.npy", allow_pickle=False)
        damaged = dict(json.loads((folder / "damaged.json").read_text()))
    except (OSError, ValueError, EOFError):  # not there, or damaged
        return None
    if not len(pixels) == len(sizes) == len(modes) == len(files):
        return None
    names = tuple(file.path for file in files)
    return Decoded(pixels, Files(names, sizes, modes, damaged), folder)


def _make(root: Path, files: Sequence[ImageFile], folder: Path, request: Request) -> Decoded:
    sweep(folder.parent, keep=folder)
    shutil.rmtree(folder, ignore_errors=True)  # of no use, if it is there at all
    # If another process is faster, its pixels are the same.
    with suppress(FileExistsError), in_the_making(folder) as unfinished:
        paths = [str(root / file.path) for file in files]
        seen = decode_files(paths, unfinished / "pixels.npy", request)
        np.save(unfinished / "sizes.npy", seen.sizes)
        np.save(unfinished / "modes.npy", seen.modes)
        (unfinished / "damaged.json").write_text(json.dumps(list(seen.damaged.items())))
    decoded = _load(files, folder)
    if decoded is None:
        raise OSError(None, "they were gone as soon as they were written")
    return decoded
