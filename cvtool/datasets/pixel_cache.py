"""Decoded pixels, kept as one memory-mapped array so that a second start is instant.

``CACHE/images/SOURCE/STATE/pixels.npy``: SOURCE stands for the folder and the size asked for, STATE
is a hash over the path, size and time of change of every file. A folder that has changed therefore
finds no pixels and is decoded again. Pixels are written into a folder beside and renamed when
whole, so that a kill leaves nothing that could be taken for whole.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import platformdirs
from numpy.typing import NDArray

from cvtool.datasets.parallel_decoding import Progress, decode_files
from cvtool.errors import DataError

_FORMAT = 1  # to be raised when the same files would decode to other pixels
_UNFINISHED = "unfinished-"
_ABANDONED = 24 * 3600  # seconds after which an unfinished folder is nobody's


class ImageFile(NamedTuple):
    """One file of a data set: path below its root, bytes, nanoseconds of the last change."""

    path: str
    size: int
    modified: int


def cached_pixels(
    root: Path,
    files: Sequence[ImageFile],
    *,
    image_size: int | None = None,
    progress: Progress | None = None,
) -> tuple[NDArray[np.uint8], Path]:
    """Pixels of all files in their order, decoded now or at an earlier start.

    Returns
    -------
    pixels
        ``(files, height, width, channels)`` uint8, mapped from the disk and read-only.
    folder
        Where they lie, and where more that follows from them can be kept.

    Raises
    ------
    DataError
        If files cannot be decoded, or there is no place to keep the pixels.
    """
    source = _source_folder(root, image_size)
    folder = source / _state(files)
    if _load(folder) is None:
        try:
            _sweep(source, keep=folder)
            _make(root, files, folder, image_size, progress)
        except OSError as error:
            raise DataError(
                f"cannot keep decoded images in {source} ({error.strerror}): make room, or set "
                f"XDG_CACHE_HOME to a folder that can be written"
            ) from error
    pixels = _load(folder)
    assert pixels is not None
    return pixels, folder


def _source_folder(root: Path, image_size: int | None) -> Path:
    resolved = root.resolve()
    digest = blake2b(os.fsencode(f"{resolved} {image_size}"), digest_size=8).hexdigest()
    return Path(platformdirs.user_cache_dir("cvtool")) / "images" / f"{resolved.name}-{digest}"


def _state(files: Sequence[ImageFile]) -> str:
    digest = blake2b(str(_FORMAT).encode(), digest_size=16)
    for file in files:
        digest.update(os.fsencode(f"\0{file.path}\0{file.size}\0{file.modified}"))
    return digest.hexdigest()


def _load(folder: Path) -> NDArray[Any] | None:
    try:
        pixels: NDArray[Any] = np.load(folder / "pixels.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):  # not there, or damaged
        return None
    return pixels


def _sweep(source: Path, *, keep: Path) -> None:
    """Remove pixels of earlier states, and what killed processes have left."""
    source.mkdir(parents=True, exist_ok=True)
    for folder in set(source.iterdir()) - {keep}:
        with suppress(FileNotFoundError):
            age = time.time() - folder.stat().st_mtime
            if not folder.name.startswith(_UNFINISHED) or age > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def _make(
    root: Path,
    files: Sequence[ImageFile],
    folder: Path,
    image_size: int | None,
    progress: Progress | None,
) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    try:
        paths = [root / file.path for file in files]
        decode_files(paths, image_size, unfinished / "pixels.npy", progress)
        _publish(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _publish(unfinished: Path, folder: Path) -> None:
    if _load(folder) is None:
        shutil.rmtree(folder, ignore_errors=True)  # damaged, if it is there at all
    try:
        unfinished.rename(folder)
    except OSError:
        if _load(folder) is None:  # else another process was faster, and its pixels are the same
            raise
