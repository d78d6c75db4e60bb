"""What every feature is: numbers of one image, some of them learned from training images."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices
from cvtool.errors import UsageError
from cvtool.records import Told

ImageShape = tuple[int, int, int]
"""Height, width and channels."""


class Images(Protocol):
    """Images to learn from, handed out a few at a time."""

    def __len__(self) -> int:
        """Count them."""

    def images_at(self, positions: Any) -> NDArray[Any]:
        """Return ``(n, height, width, channels)``: uint8, or floats from 0 to 1."""


@dataclass(frozen=True, eq=False)
class Feature(ABC):
    """Turns images into numbers, each image by itself."""

    choices: Any
    declared: ClassVar[type[Choices]] = Choices

    @abstractmethod
    def size(self, image_shape: ImageShape) -> int:
        """Count the numbers of one image.

        Raises
        ------
        UsageError
            If the feature makes no sense for such images.
        """

    @abstractmethod
    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write the numbers of images, on all threads.

        Parameters
        ----------
        images
            ``(n, height, width, channels)``: uint8, or floats from 0 to 1.
        out
            ``(n, size)`` with contiguous rows.
        """


class LearnedFeature(Feature):
    """A feature that has to learn something from training images before it can be written."""

    @abstractmethod
    def fitting(self, images: Images, *, seed: int) -> Generator[Told, None, Self]:
        """Learn, and yield what there is to tell on the way; return the feature that knows."""

    @abstractmethod
    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned."""

    @abstractmethod
    def with_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the feature that has learned this."""


def refuse_points(word: str, image_shape: ImageShape) -> None:
    """Refuse points in the plane, which have no pixels to look at.

    Raises
    ------
    UsageError
        If the images are such.
    """
    if image_shape == (1, 1, 2):
        raise UsageError(
            f"{word} looks at pixels but points in the plane have none: use the feature pixels"
        )
