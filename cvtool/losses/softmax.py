"""Softmax loss (notes §3.1): minus the log of the probability of the right class."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.losses.scores import check_scores

Array = NDArray[Any]


def softmax_loss(scores: Array, labels: Array) -> tuple[float, Array]:
    """Return the mean over a batch of −ln(e^s_y / Σⱼ e^sⱼ), and its gradient.

    Parameters
    ----------
    scores
        ``(images, classes)``. They are shifted to a maximum of 0, which changes nothing but keeps
        the exponentials from overflowing.
    labels
        ``(images,)``, whole numbers from 0 to below classes.

    Returns
    -------
    loss
        Computed in double precision; NaN if a score is NaN or infinite.
    grad_scores
        Shape and type of the scores: probabilities less 1 for the right class, over images.

    Raises
    ------
    ValueError
        If shapes or labels do not fit.
    """
    check_scores(scores, labels)
    images = np.arange(len(labels))
    shifted = _shift(scores)
    powers = np.exp(shifted)
    totals = powers.sum(axis=1, keepdims=True)
    count = max(len(labels), 1)
    loss = float((np.log(totals[:, 0]) - shifted[images, labels]).sum() / count)
    gradient = powers / totals
    gradient[images, labels] -= 1
    return loss, (gradient / count).astype(scores.dtype)


def probabilities(scores: Array) -> NDArray[np.float64]:
    """Turn scores ``(images, classes)`` into probabilities, e^s over their sum, in each row."""
    powers = np.exp(_shift(scores))
    result: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return result


def log_probabilities(scores: Array, labels: Array) -> NDArray[np.float64]:
    """Return ln of the probability ``(images,)`` of each label: finite where scores are.

    Scores ``(images, classes)`` may be so far apart that the probability itself would be 0.
    """
    check_scores(scores, labels)
    shifted = _shift(scores)
    result: NDArray[np.float64] = shifted[np.arange(len(labels)), labels] - np.log(
        np.exp(shifted).sum(axis=1)
    )
    return result


def _shift(scores: Array) -> NDArray[np.float64]:
    # A diverged network scores infinity, which less infinity is NaN: the loss has to say so.
    with np.errstate(invalid="ignore"):
        exact = scores.astype(np.float64)
        shifted: NDArray[np.float64] = exact - exact.max(axis=1, keepdims=True)
        return shifted
