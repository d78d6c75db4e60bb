"""What can be asked about images, whatever answers: a network, neighbors, or a run."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import RunConfig
from cvtool.datasets.arrays import images_of
from cvtool.errors import DataError
from cvtool.records import Evaluation, Told


@dataclass(frozen=True, eq=False)
class Answers:
    """``winners`` ``(n,)`` int64, the class of each image; ``shares`` ``(n, classes)`` float64."""

    winners: NDArray[np.int64]
    shares: NDArray[np.float64]


class Model(ABC):
    """Tells the classes of images; made by ``build`` or ``load``.

    Parameters
    ----------
    name
        What to call it where something does not fit.
    config
        All its settings.
    classes
        Names of the classes.
    image_shape
        ``(height, width, channels)`` of the images.
    image_type
        The type of the stored pixels it was made for, as ``uint8``.
    """

    def __init__(
        self,
        name: str,
        config: RunConfig,
        classes: tuple[str, ...],
        image_shape: tuple[int, int, int],
        image_type: str,
    ) -> None:
        self.name = name
        self.config = config
        self.classes = classes
        self.image_shape = image_shape
        self.image_type = image_type

    @abstractmethod
    def evaluating(self, *, test: bool) -> Generator[Told, None, Evaluation]:
        """Classify validation or test images, and tell how far that is."""

    @abstractmethod
    def answering(self, images: NDArray[Any]) -> Generator[Told, None, Answers]:
        """Classify images that ``take_images`` has taken."""

    def take_images(self, images: NDArray[Any]) -> NDArray[Any]:
        """Take an array as images like those the model was made for.

        Raises
        ------
        DataError
            If it is of another shape, or floats where bytes are known, or the other way around.
        """
        is_row_of_gray = (*images.shape[1:], 1) == self.image_shape
        if images.shape == self.image_shape and not is_row_of_gray:
            raise DataError("images is one image, not a row of them: pass images[np.newaxis]")
        taken = images_of("images", "", images)
        if taken.shape[1:] != self.image_shape:
            found, wanted = (
                "×".join(map(str, each)) for each in (taken.shape[1:], self.image_shape)
            )
            raise DataError(
                f"images are {found}, but {self.name} is of {wanted} images: resize them"
            )
        is_bytes, knows_bytes = taken.dtype == np.uint8, self.image_type == "uint8"
        if is_bytes and not knows_bytes:
            raise DataError(
                f"images are {images.dtype}, but {self.name} knows floats, which are taken as they "
                f"are: pass images.astype(float), scaled as those it was made for"
            )
        if knows_bytes and not is_bytes:
            raise DataError(
                f"images are {images.dtype}, but {self.name} knows whole numbers from 0 to 255: of "
                f"floats from 0 to 1, pass np.rint(images * 255).astype(np.uint8)"
            )
        return taken
