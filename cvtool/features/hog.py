"""Histogram of oriented gradients: which way edges run, cell by cell (notes §3.4).

Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005. All
orientations count, and a pixel without a gradient has no vote: known course code drops half of the
orientations, and divides 0 by 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices, option
from cvtool.errors import UsageError
from cvtool.features.feature import Feature, ImageShape, refuse_points
from cvtool.features.levels import levels
from cvtool.kernels.oriented_gradients import NORMS, Cells, oriented_gradients

INTERPOLATIONS = ("none", "orientations", "all")


@dataclass(frozen=True, kw_only=True)
class HogChoices(Choices):
    """Cells, orientations, votes and blocks."""

    orientations: int = option(9, "bins over half a turn", low=1, high=180)
    signed: bool = option(False, "tell dark-to-light from light-to-dark: twice the bins")
    cell: int = option(8, "pixels along a side of a cell", low=1, high=1024)
    block: int = option(2, "cells along a side of a block", low=1, high=16)
    norm: str = option("l2-hys", "how blocks are normalized", choices=NORMS)
    interpolate: str = option(
        "all", "share votes with neighboring orientations, and cells", choices=INTERPOLATIONS
    )


class OrientedGradients(Feature):
    """Histograms of the orientations of gradients, normalized in overlapping blocks."""

    declared = HogChoices
    choices: HogChoices

    def size(self, image_shape: ImageShape) -> int:
        """Count blocks times cells in a block times bins; refuse what has not even one block."""
        refuse_points("hog", image_shape)
        cells, block = self._cells(image_shape), self.choices.block
        if min(cells.rows, cells.columns) < block:
            raise UsageError(self._too_small(image_shape))
        blocks = (cells.rows - block + 1) * (cells.columns - block + 1)
        return blocks * block**2 * cells.orientations * (2 if cells.signed else 1)

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write block after block, row by row."""
        _, height, width, channels = images.shape
        cells = self._cells((height, width, channels))
        oriented_gradients(
            levels(images), cells, block=self.choices.block, norm=self.choices.norm, out=out
        )

    def _cells(self, image_shape: ImageShape) -> Cells:
        height, width, _ = image_shape
        chosen = self.choices
        return Cells(
            rows=height // chosen.cell,
            columns=width // chosen.cell,
            side=chosen.cell,
            orientations=chosen.orientations,
            signed=chosen.signed,
            interpolate=chosen.interpolate != "none",
            spread=chosen.interpolate == "all",
        )

    def _too_small(self, image_shape: ImageShape) -> str:
        height, width, _ = image_shape
        cell, block = self.choices.cell, self.choices.block
        needed, fitting = cell * block, min(height, width) // block
        remedy = (
            f"choose a cell of {fitting} or less, as hog:cell={fitting}"
            if fitting
            else f"choose larger images, or smaller blocks than block={block}"
        )
        return (
            f"hog with cell={cell} and block={block} needs images of at least {needed}×{needed} "
            f"but gets {height}×{width}: {remedy}"
        )
