"""Multiclass SVM loss (notes §3.1; Weston and Watkins 1999)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.losses.scores import check_scores

Array = NDArray[Any]

MARGIN = 1.0


def svm_loss(scores: Array, labels: Array) -> tuple[float, Array]:
    """Return the mean over a batch of Σ max(0, sⱼ − s_y + 1) over j ≠ y, and its gradient.

    Parameters
    ----------
    scores
        ``(images, classes)``.
    labels
        ``(images,)``, whole numbers from 0 to below classes.

    Returns
    -------
    loss
        Computed in double precision; NaN if a score is NaN or all are infinite.
    grad_scores
        Shape and type of the scores. Each wrong class within the margin pushes its own score down
        and the right one up by 1 over images; at the margin itself, where the loss has a corner,
        by 0.

    Raises
    ------
    ValueError
        If shapes or labels do not fit.
    """
    check_scores(scores, labels)
    images = np.arange(len(labels))
    exact = scores.astype(np.float64)
    with np.errstate(invalid="ignore"):
        margins = np.maximum(0, exact - exact[images, labels][:, np.newaxis] + MARGIN)
    margins[images, labels] = 0
    count = max(len(labels), 1)
    gradient = (margins > 0).astype(np.float64)
    gradient[images, labels] = -gradient.sum(axis=1)
    return float(margins.sum() / count), (gradient / count).astype(scores.dtype)
