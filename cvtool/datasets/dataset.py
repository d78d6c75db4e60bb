"""What every data set becomes, whatever it was read from."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.mapped import chunks
from cvtool.datasets.picking import Picker

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Files:
    """The image files that examples were decoded from, in their order.

    Parameters
    ----------
    names
        Their paths below the root of the data set.
    sizes
        ``(n, 2)`` int32, height and width as stored, before any resizing; zero where damaged.
    modes
        ``(n,)`` text: Pillow's name of the pixel format, as ``RGB``; empty where damaged.
    damaged
        Why a file cannot be read, by its position; its pixels are zero.
    """

    names: tuple[str, ...]
    sizes: NDArray[np.int32]
    modes: NDArray[np.str_]
    damaged: Mapping[int, str]

    def part(self, start: int, stop: int) -> Self:
        """Take the files from one position to another."""
        inside = {at - start: why for at, why in self.damaged.items() if start <= at < stop}
        return type(self)(
            self.names[start:stop], self.sizes[start:stop], self.modes[start:stop], inside
        )


@dataclass(frozen=True, eq=False)
class Examples:
    """Images with their labels.

    Parameters
    ----------
    images
        ``(n, height, width, channels)``, gray or RGB; uint8 from 0 to 255, possibly mapped from a
        file, or floats that are taken as they are. Points in the plane are ``(n, 1, 1, 2)`` floats.
    labels
        ``(n,)`` int64, each the position of a class in ``Dataset.classes``; another number where
        the label is missing or unknown, which ``open_dataset`` refuses unless it is left out.
    files
        Where each image was one file, those files.
    left_out
        Sorted positions that nobody should use.
    """

    images: NDArray[Any]
    labels: Indices
    files: Files | None = None
    left_out: Indices = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def kept(self) -> Indices:
        """Sorted positions of the images to be used."""
        return np.delete(np.arange(len(self), dtype=np.int64), self.left_out)

    def pick(self, indices: Indices) -> tuple[NDArray[Any], Indices]:
        """Return an array of images, and where in it those asked for are; see ``Picker``."""
        return self._picker.pick(indices)

    @cached_property
    def _picker(self) -> Picker:
        return Picker(self.images)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples in up to three parts: to learn from, to choose on, to report on (notes §2.2).

    ``checksum_file`` is where the checksum of a data set with pixels on the disk is kept, so that
    a large one is read through once and not at every start.
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
    def has_points(self) -> bool:
        """Whether the images are points in the plane, with no pixels to look at."""
        return self.image_shape == (1, 1, 2)

    @property
    def parts(self) -> dict[str, Examples]:
        """The parts there are, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: part for name, part in named.items() if part is not None}

    def name_of(self, part: str, position: int) -> str:
        """Name an example: its file below the root, or its part and number, as ``train/12``."""
        files = self.parts[part].files
        return f"{part}/{position}" if files is None else files.names[position]

    def without(self, names: Iterable[str]) -> tuple[Self, int]:
        """Leave the examples so named out; return also how many of the names there were."""
        unwanted = frozenset(names)
        parts: dict[str, Any] = {
            name: replace(part, left_out=np.union1d(part.left_out, _named(name, part, unwanted)))
            for name, part in self.parts.items()
        }
        found = sum(len(part.left_out) for part in parts.values())
        found -= sum(len(part.left_out) for part in self.parts.values())
        return replace(self, **parts), found

    @cached_property
    def checksum(self) -> str:
        """Hexadecimal BLAKE2b of pixels and labels, the same wherever they lie.

        Images that are left out change it.
        """
        left_out = {name: part.left_out for name, part in self.parts.items() if len(part.left_out)}
        if not left_out:
            return self._whole_checksum
        digest = blake2b(self._whole_checksum.encode(), digest_size=16)
        for name, positions in left_out.items():
            digest.update(f"{name} {positions.tolist()}".encode())
        return digest.hexdigest()

    @property
    def _whole_checksum(self) -> str:
        if self.checksum_file is None:
            return _checksum(self.parts)
        with suppress(FileNotFoundError):
            return self.checksum_file.read_text()
        checksum = _checksum(self.parts)
        beside = self.checksum_file.with_suffix(".unfinished")
        # It can be computed again; and a folder that has been swept meanwhile must not come back.
        with suppress(OSError):
            beside.write_text(checksum)
            beside.replace(self.checksum_file)
        return checksum


def _named(part: str, examples: Examples, names: frozenset[str]) -> Indices:
    if examples.files is not None:
        found = [at for at, name in enumerate(examples.files.names) if name in names]
    else:
        numbers = [name.removeprefix(f"{part}/") for name in names if name.startswith(f"{part}/")]
        found = [int(number) for number in numbers if number.isdecimal()]
        found = [at for at in found if at < len(examples)]
    return np.array(sorted(found), np.int64)


def _checksum(parts: dict[str, Examples]) -> str:
    digest = blake2b(digest_size=16)
    for name, part in parts.items():
        digest.update(f"{name} {part.images.dtype} {part.images.shape}".encode())
        for _, images in chunks(part.images):
            digest.update(np.ascontiguousarray(images).data)
        digest.update(np.ascontiguousarray(part.labels).data)
    return digest.hexdigest()
