"""Color histogram: relative frequencies of different colors in the image (notes §3.4)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices, option
from cvtool.errors import UsageError
from cvtool.features.feature import Feature, ImageShape, refuse_points
from cvtool.features.levels import levels
from cvtool.kernels.histograms import color_histograms


@dataclass(frozen=True, kw_only=True)
class ColorChoices(Choices):
    """How colors are told apart, and where in the image."""

    space: str = option("rgb", "what a bin is of: all channels, or hue", choices=("rgb", "hue"))
    bins: int = option(4, "bins along each channel, or around the hues", low=1, high=32)
    cells: int = option(2, "cells along a side of the image, a histogram each", low=1, high=64)


class ColorHistogram(Feature):
    """Shares of colors in the image, or in each cell of a grid over it.

    With ``space=rgb`` colors are told apart by all channels together, ``bins³`` of them; of a gray
    image this is a histogram of intensities. With ``space=hue`` a pixel counts by its chroma.
    """

    declared = ColorChoices
    choices: ColorChoices

    def size(self, image_shape: ImageShape) -> int:
        """Count cells times bins; refuse hues of gray images, and cells without a pixel."""
        refuse_points("color", image_shape)
        height, width, channels = image_shape
        bins, cells = self.choices.bins, self.choices.cells
        if min(height, width) < cells:
            raise UsageError(
                f"color with cells={cells} needs images of at least {cells}×{cells} but gets "
                f"{height}×{width}: choose color:cells={min(height, width)} or less"
            )
        if self.choices.space == "hue" and channels != 3:
            raise UsageError(
                "color with space=hue needs images in color but these are gray and have no hue: "
                "choose space=rgb, which counts intensities"
            )
        return cells**2 * (bins if self.choices.space == "hue" else bins**channels)

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write cell after cell, row by row."""
        color_histograms(
            levels(images),
            hue=self.choices.space == "hue",
            bins=self.choices.bins,
            cells=self.choices.cells,
            out=out,
        )
