"""What every data set becomes, whatever it was read from."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BYTES_AT_ONCE = 2**24


@dataclass(frozen=True, eq=False)
class Examples:
    """Images with their labels.

    Parameters
    ----------
    images
        ``(n, height, width, channels)``, gray or RGB; uint8 from 0 to 255, possibly mapped from a
        file, or floats that are taken as they are.
    labels
        ``(n,)`` int64, each the position of a class in ``Dataset.classes``.
    """

    images: NDArray[Any]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples in up to three parts: to learn from, to choose on, to report on (notes §2.2).

    ``checksum_file`` is where the checksum of a data set with cached pixels is kept, so that a
    large one is read through once and not at every start.
    """

    name: str
    classes: tuple[str, ...]
    train: Examples
    validation: Examples | None = None
    test: Examples | None = None
    checksum_file: Path | None = field(default=None, repr=False)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """``(height, width, channels)`` of every image."""
        _, height, width, channels = self.train.images.shape
        return height, width, channels

    @property
    def parts(self) -> dict[str, Examples]:
        """The parts there are, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: part for name, part in named.items() if part is not None}

    @cached_property
    def checksum(self) -> str:
        """Hexadecimal BLAKE2b of the pixels and labels of all parts, the same wherever they lie."""
        if self.checksum_file is None:
            return _checksum(self.parts)
        with suppress(FileNotFoundError):
            return self.checksum_file.read_text()
        checksum = _checksum(self.parts)
        beside = self.checksum_file.with_suffix(".unfinished")
        with suppress(OSError):  # it can be computed again
            beside.write_text(checksum)
            beside.replace(self.checksum_file)
        return checksum


def _checksum(parts: dict[str, Examples]) -> str:
    digest = blake2b(digest_size=16)
    for name, part in parts.items():
        digest.update(f"{name} {part.images.dtype} {part.images.shape}".encode())
        for images in _chunks(part.images):
            digest.update(np.ascontiguousarray(images).data)
        digest.update(np.ascontiguousarray(part.labels).data)
    return digest.hexdigest()


def _chunks(images: NDArray[Any]) -> Iterator[NDArray[Any]]:
    step = max(1, _BYTES_AT_ONCE // max(1, images[:1].nbytes))
    for start in range(0, len(images), step):
        yield images[start : start + step]
