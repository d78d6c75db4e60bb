"""Features of images, computed once and kept beside the decoded pixels in the user's cache.

::

    CACHE/features/hog+color-KEY/
      train-IMAGES/features.npy   (images, 1, 1, features) float32, mapped
    CACHE/features/words-KEY/
      learned.safetensors         what features that learn have learned

KEY stands for the data, the features, the kernels that compute them, and what they have learned (or
are to learn from), IMAGES for which of the images they are.
"""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.in_the_making import abandoned_folders, in_the_making
from cvtool.datasets.places import cache_folder
from cvtool.datasets.split import Subset
from cvtool.errors import DataError
from cvtool.features.feature_set import FeatureSet
from cvtool.kernels.jit import CACHE
from cvtool.records import Told, WorkRecord

_IMAGES_AT_ONCE = 1000
_NUMBERS_AT_ONCE = 2**24
_LONGEST_NAME = 40
_LEARNED = "learned.safetensors"


def learned_features(
    features: FeatureSet, dataset: Dataset, train: Subset, seed: int
) -> Generator[Told, None, FeatureSet]:
    """Let features learn from training images, unless they did so at an earlier start.

    Raises
    ------
    DataError
        If there is no place to keep what they learn.
    """
    folder = _folder(features.text, dataset.checksum, train.indices.tobytes(), seed)
    kept = folder / _LEARNED
    with suppress(OSError, SafetensorError, KeyError, TypeError, ValueError):  # or damaged
        return FeatureSet.from_arrays(features.text, safetensors.numpy.load(kept.read_bytes()))
    fitted = yield from features.fitting(train, seed=seed)
    with _filled(folder) as unfinished:
        (unfinished / _LEARNED).write_bytes(safetensors.numpy.save(fitted.to_arrays()))
    return fitted


def featured(
    features: FeatureSet, dataset: Dataset, subset: Subset
) -> Generator[Told, None, Subset]:
    """Return the features of images as images of one pixel, in the order of the subset.

    Parameters
    ----------
    features
        Fitted, if they have anything to learn.
    dataset, subset
        The data set, and some of its examples.

    Raises
    ------
    DataError
        If there is no place to keep them.
    """
    part = next(name for name, part in dataset.parts.items() if part is subset.examples)
    learned = [array.tobytes() for array in features.to_arrays().values()]
    folder = _folder(features.text, dataset.checksum, *learned)
    folder /= f"{part}-{_digest(subset.indices.tobytes())}"
    values = _load(folder, subset, features)
    if values is None:
        yield from _make(folder, subset, features)
        values = _load(folder, subset, features)
    if values is None:
        raise DataError(f"features in {folder} were gone as soon as they were written: try again")
    return Subset(Examples(values, subset.labels), np.arange(len(subset), dtype=np.int64))


def _folder(text: str, *key: str | int | bytes) -> Path:
    name = re.sub(r"[^\w+]+", "-", text)[:_LONGEST_NAME]
    return cache_folder() / "features" / f"{name}-{_digest(text, CACHE.name, *key)}"


def _digest(*parts: str | int | bytes) -> str:
    digest = blake2b(digest_size=8)
    for part in parts:
        digest.update(part if isinstance(part, bytes) else f"{part}\0".encode())
    return digest.hexdigest()


def _load(folder: Path, subset: Subset, features: FeatureSet) -> NDArray[np.float32] | None:
    """Map what is kept, if it is there, and as long and as headed as it was written."""
    kept, shape = folder / "features.npy", _shape(subset, features)
    header = _header(shape)
    try:
        with kept.open("rb") as file:
            is_whole = file.read(len(header)) == header
            is_whole &= file.seek(0, os.SEEK_END) == len(header) + 4 * prod(shape)
        return np.memmap(kept, np.float32, "r", len(header), shape) if is_whole else None
    except OSError:
        return None


def _make(folder: Path, subset: Subset, features: FeatureSet) -> Generator[WorkRecord, None, None]:
    shape = _shape(subset, features)
    count, size = shape[0], shape[-1]
    at_once = min(_IMAGES_AT_ONCE, max(1, _NUMBERS_AT_ONCE // size))
    with _filled(folder) as unfinished, (unfinished / "features.npy").open("wb") as file:
        _check_room(unfinished, 4 * count * size)
        file.write(_header(shape))
        for start in range(0, count, at_once):
            images = subset.images_at(slice(start, start + at_once))
            values = np.empty((len(images), size), np.float32)
            features.write(images, values)
            file.write(values.data)
            yield WorkRecord(f"computing {features.text}, image", start + len(images), count)


@contextmanager
def _filled(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that takes the place of what is of no use, if it is there at all.

    If another process is faster, what it has made is the same.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        for left in abandoned_folders(folder.parent):  # by processes that were killed
            shutil.rmtree(left, ignore_errors=True)
        with suppress(FileExistsError), in_the_making(folder) as unfinished:
            yield unfinished
    except OSError as error:
        raise DataError(
            f"cannot keep features of images in {folder.parent} ({error.strerror or error}): "
            f"make room, or set XDG_CACHE_HOME to a folder that can be written"
        ) from error


def _check_room(folder: Path, needed: int) -> None:
    """Say at once, not after hours, what does not fit.

    Raises
    ------
    OSError
        If the disk has less room.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(f"they need {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free")


def _shape(subset: Subset, features: FeatureSet) -> tuple[int, int, int, int]:
    return len(subset), 1, 1, features.size(subset.examples.images.shape[1:])


def _header(shape: tuple[int, ...]) -> bytes:
    """Write the head of a file in NumPy's format."""
    head = BytesIO()
    facts = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, facts)
    return head.getvalue()
