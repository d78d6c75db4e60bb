"""The pixels themselves, to stand beside other features."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.features.feature import Feature, ImageShape
from cvtool.features.levels import shares


class Pixels(Feature):
    """All numbers of an image in their order, bytes brought to a range of 0 to 1."""

    def size(self, image_shape: ImageShape) -> int:
        """Count pixels times channels."""
        height, width, channels = image_shape
        return height * width * channels

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write ``(n, height · width · channels)``."""
        out[...] = shares(images).reshape(out.shape)
