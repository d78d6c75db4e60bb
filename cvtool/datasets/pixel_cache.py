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
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
import platformdirs
from numpy.typing import NDArray

from cvtool.datasets.dataset import Files
from cvtool.datasets.decoding import WITHHELD
from cvtool.datasets.parallel_decoding import decode_files
from cvtool.datasets.request import Request
from cvtool.errors import DataError

_FORMAT = 3  # to be raised when the same files would decode to other pixels
_UNFINISHED = "unfinished-"
_ABANDONED = 24 * 3600  # seconds after which an unfinished folder is nobody's
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
            _sweep(source, keep=folder)
            decoded = _make(root, files, folder, request)
        except OSError as error:
            raise DataError(
                f"cannot keep decoded images in {source} ({error.strerror or error}): make room, "
                f"or set XDG_CACHE_HOME to a folder that can be written"
            ) from error
    return decoded


def cache_folder() -> Path:
    """Return where decoded pixels are kept, a folder for each source."""
    return Path(platformdirs.user_cache_dir("cvtool")) / "images"


def cached_sources() -> list[tuple[Path, int]]:
    """List the folders of all sources with the bytes that each takes; they may be removed."""
    try:
        folders = sorted(folder for folder in cache_folder().iterdir() if folder.is_dir())
    except OSError:  # nothing has been decoded yet
        return []
    return [(folder, _bytes_in(folder)) for folder in folders]


def _bytes_in(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):  # somebody is at work there
            total += file.lstat().st_size
    return total


def _source_folder(root: Path, image_size: int | None) -> Path:
    resolved = root.resolve()
    digest = blake2b(os.fsencode(f"{resolved} {image_size}"), digest_size=8).hexdigest()
    return cache_folder() / f"{resolved.name[:_LONGEST_NAME]}-{digest}"


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


def _sweep(source: Path, *, keep: Path) -> None:
    """Remove pixels of earlier states, and what killed processes have left."""
    source.mkdir(parents=True, exist_ok=True)
    for folder in set(source.iterdir()) - {keep}:
        with suppress(FileNotFoundError):
            age = time.time() - folder.stat().st_mtime
            if not folder.name.startswith(_UNFINISHED) or age > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def _make(root: Path, files: Sequence[ImageFile], folder: Path, request: Request) -> Decoded:
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    try:
        paths = [str(root / file.path) for file in files]
        seen = decode_files(paths, unfinished / "pixels.npy", request)
        np.save(unfinished / "sizes.npy", seen.sizes)
        np.save(unfinished / "modes.npy", seen.modes)
        (unfinished / "damaged.json").write_text(json.dumps(list(seen.damaged.items())))
        return _publish(root, unfinished, folder, files)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _publish(root: Path, unfinished: Path, folder: Path, files: Sequence[ImageFile]) -> Decoded:
    if _usable(root, files, folder) is None:
        shutil.rmtree(folder, ignore_errors=True)  # damaged, if it is there at all
    with suppress(OSError):  # another process was faster, and its pixels are the same
        unfinished.rename(folder)
    decoded = _load(files, folder)
    if decoded is None:
        raise OSError(None, "they were gone as soon as they were written")
    return decoded
