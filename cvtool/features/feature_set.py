"""A stand-in until the features are there."""
# ruff: noqa: ARG002, ARG003

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.errors import UsageError
from cvtool.records import Note, WorkRecord


class Images(Protocol):
    """Images to learn from."""

    def __len__(self) -> int: ...
    def images_at(self, positions: Any) -> NDArray[Any]: ...


@dataclass(frozen=True, eq=False)
class FeatureSet:
    """Pixels."""

    text: str = "pixels"

    @classmethod
    def parse(cls, text: str) -> Self:
        if text not in ("pixels", "pixels+pixels"):
            raise UsageError(f"--features does not know '{text}': take pixels")
        return cls(text)

    def size(self, image_shape: tuple[int, int, int]) -> int:
        return int(np.prod(image_shape)) * (1 + self.text.count("+"))

    @property
    def learns(self) -> bool:
        return False

    def fitting(self, images: Images, *, seed: int) -> Generator[Note | WorkRecord, None, Self]:
        yield from ()
        return self

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        flat = images.reshape(len(images), -1) / (255 if images.dtype == np.uint8 else 1)
        out[...] = np.concatenate([flat] * (1 + self.text.count("+")), axis=1)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        return {}

    @classmethod
    def from_arrays(cls, text: str, arrays: Mapping[str, NDArray[Any]]) -> Self:
        return cls.parse(text)
