"""``predict``: the classes of image files, as a run sees them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cvtool.datasets.dataset import Examples
from cvtool.datasets.pixels.decoding import read_image
from cvtool.datasets.split import whole
from cvtool.errors import DataError
from cvtool.experiments.trained import bring_back
from cvtool.records import Prediction
from cvtool.training.evaluation import score


def predict(run: str, files: Sequence[str]) -> list[Prediction]:
    """Classify image files, resized and recolored as the run's images are.

    Raises
    ------
    DataError
        If the run cannot be read or did not learn images, or one of the files is no image.
    """
    trained = bring_back(run)
    height, width, channels = trained.image_shape
    if channels == 2:
        raise DataError(
            f"{run} has learned points in the plane, which no image file shows: name a run that "
            f"was trained on images"
        )
    images = np.stack([read_image(Path(file), (height, width, channels)) for file in files])
    seen = trained.view.seen_at_once(Examples(images, np.zeros(len(files), np.int64)))
    batcher = trained.batches(whole(seen))
    shares = score(trained.network, batcher, trained.config.batch_size).probabilities
    return [
        Prediction(
            file=file,
            label=trained.classes[row.argmax()],
            probability=float(row.max()),
            probabilities=dict(zip(trained.classes, map(float, row), strict=True)),
        )
        for file, row in zip(files, shares, strict=True)
    ]
