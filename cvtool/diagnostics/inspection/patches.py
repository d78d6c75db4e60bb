"""The image patches that excite a filter most (Zeiler and Fergus, 2014; Girshick et al., 2014)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import as_bytes
from cvtool.datasets.split import Subset
from cvtool.diagnostics.inspection.stages import Stage
from cvtool.diagnostics.inspection.survey import Strongest
from cvtool.records import Gallery, Picture

GRAY = 128

HOW_TO_READ = (
    "The parts of validation images that excite each filter most, the strongest first, with the "
    "activation below; at most one of each image, and gray beyond its border."
)
"""What is said in words where patches are shown."""


def cut_out(image: NDArray[np.uint8], field: tuple[slice, slice]) -> NDArray[np.uint8]:
    """Cut what a number sees out of an image; what lies outside of the image is gray.

    Where a field is longer than the image, the picture is as long as the image, and gray where the
    field does not reach.

    Parameters
    ----------
    image
        ``(height, width, channels)``.
    field
        Rows and columns, as from ``ReceptiveField.at``.
    """
    canvas = [
        each if each.stop - each.start <= length else slice(0, length)
        for each, length in zip(field, image.shape, strict=False)
    ]
    seen = [
        slice(*np.clip((each.start, each.stop), 0, length))
        for each, length in zip(field, image.shape, strict=False)
    ]
    sides = [each.stop - each.start for each in canvas]
    picture = np.full((*sides, image.shape[2]), GRAY, np.uint8)
    inside = [
        slice(part.start - whole.start, part.stop - whole.start)
        for part, whole in zip(seen, canvas, strict=True)
    ]
    picture[tuple(inside)] = image[tuple(seen)]
    return picture


def patches_gallery(stage: Stage, found: Strongest, subset: Subset, alive: NDArray[Any]) -> Gallery:
    """Show the patches of each filter, the strongest first, with the activation below.

    Parameters
    ----------
    stage
        The convolution.
    found
        Where its filters are excited most.
    subset
        What positions count in.
    alive
        Which of its filters are not dead.
    """
    height, width = subset.examples.images.shape[1:3]
    sides = min(stage.field.rows, height), min(stage.field.columns, width)
    blank = Picture(np.full((*sides, 1), GRAY, np.uint8), below="dead")
    rows = [
        (f"filter {number}", _patches(stage, found, subset, number) if lives else (blank,))
        for number, lives in enumerate(alive[: found.values.shape[1]])
    ]
    title = f"{stage.name}: what excites its filters most, {sides[0]}×{sides[1]} pixels each"
    return Gallery(f"{stage.file_name}-patches", title, tuple(rows), HOW_TO_READ)


def _patches(stage: Stage, found: Strongest, subset: Subset, number: int) -> tuple[Picture, ...]:
    """Cut the patches of one filter out; where it is rectified to zero nothing excites it."""
    values = found.values[:, number]
    is_excited = np.isfinite(values) & ((values > 0) | (not stage.is_rectified))
    images = as_bytes(subset.images_at(found.images[is_excited, number]))
    columns = stage.end.output_shape[1]
    return tuple(
        Picture(cut_out(image, stage.field.at(*divmod(int(place), columns))), below=f"{value:.3g}")
        for image, place, value in zip(
            images, found.places[is_excited, number], values[is_excited], strict=True
        )
    )
