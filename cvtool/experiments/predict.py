"""``predict``: the classes of image files, as a run sees them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.pixels.decoding import read_image
from cvtool.errors import DataError
from cvtool.experiments.trained import bring_back
from cvtool.records import Prediction


def predict(run: str, files: Sequence[str]) -> list[Prediction]:
    """Classify image files, resized and recolored as the run's images are.

    Raises
    ------
    DataError
        If the run cannot be read or did not learn images, or one of the files is no image.
    """
    trained = bring_back(run)
    seen = trained.score(read_files(files, trained.image_shape, run))
    return predictions(files, trained.classes, seen.predictions, seen.probabilities)


def read_files(
    files: Sequence[str], image_shape: tuple[int, int, int], learner: str
) -> NDArray[np.uint8]:
    """Read image files, resized and recolored to a shape: ``(files, height, width, channels)``.

    Raises
    ------
    DataError
        If one of the files is no image, or the shape is that of points, which ``learner`` learned.
    """
    height, width, channels = image_shape
    if channels == 2:
        raise DataError(
            f"{learner} has learned points in the plane, which no image file shows: name a run "
            f"that was trained on images"
        )
    return np.stack([read_image(Path(file), (height, width, channels)) for file in files])


def predictions(
    names: Sequence[str],
    classes: Sequence[str],
    winners: NDArray[np.int64],
    shares: NDArray[Any],
) -> list[Prediction]:
    """Write down what images were taken for.

    Parameters
    ----------
    names
        What to call the images.
    classes
        All classes.
    winners
        ``(images,)``: the class each image was given.
    shares
        ``(images, classes)``: how probable each class is.
    """
    return [
        Prediction(
            file=name,
            label=classes[winner],
            probability=float(row[winner]),
            probabilities=dict(zip(classes, map(float, row), strict=True)),
        )
        for name, winner, row in zip(names, winners, shares, strict=True)
    ]
