"""What every loss asks of the scores and labels it is given."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def check_scores(scores: NDArray[Any], labels: NDArray[Any]) -> None:
    """Hold scores to ``(images, classes)`` and labels to one class for each image.

    Raises
    ------
    ValueError
        If they are not.
    """
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise ValueError(f"scores {scores.shape} and labels {labels.shape} do not fit")
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels are whole numbers, not {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < scores.shape[1]:
        raise ValueError(
            f"labels go from 0 to {scores.shape[1] - 1}, not {labels.min()} to {labels.max()}"
        )
