"""Multiclass SVM losses (notes §3.1; Weston and Watkins 1999): plain hinge and squared hinge."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.losses.scores import check_scores

Array = NDArray[Any]

MARGIN = 1.0


def svm_loss(scores: Array, labels: Array, margin: float = MARGIN) -> tuple[float, Array]:
    """Return the mean over a batch of Σ max(0, sⱼ − s_y + Δ) over j ≠ y, and its gradient.

    Parameters
    ----------
    scores
        ``(images, classes)``.
    labels
        ``(images,)``, whole numbers from 0 to below classes.
    margin
        Δ, by how much the right class has to lead. Weights can grow in its place, so that without
        regularization its size means nothing (notes §3.1).

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
    lacking = _lacking(scores, labels, margin)
    slopes = (lacking > 0).astype(np.float64)
    return _mean(lacking, scores), _gradient(slopes, scores, labels)


def squared_svm_loss(scores: Array, labels: Array, margin: float = MARGIN) -> tuple[float, Array]:
    """Return the mean over a batch of Σ max(0, sⱼ − s_y + Δ)² over j ≠ y, and its gradient.

    One class far within the margin costs more than several at its edge, and the loss has no
    corners: each wrong class pushes in proportion to what the lead over it lacks. Parameters,
    results and errors are those of ``svm_loss``.
    """
    lacking = _lacking(scores, labels, margin)
    with np.errstate(over="ignore"):
        return _mean(lacking**2, scores), _gradient(2 * lacking, scores, labels)


def _lacking(scores: Array, labels: Array, margin: float) -> NDArray[np.float64]:
    """Return how much of the margin the right class lacks over each other, ``(images, classes)``.

    A diverged network scores infinity, which less infinity is NaN: the loss has to say so.
    """
    check_scores(scores, labels)
    images = np.arange(len(labels))
    exact = scores.astype(np.float64)
    with np.errstate(invalid="ignore"):
        lacking = np.maximum(0, exact - exact[images, labels][:, np.newaxis] + margin)
    lacking[images, labels] = 0
    return lacking


def _mean(costs: NDArray[np.float64], scores: Array) -> float:
    return float(costs.sum() / max(len(scores), 1))


def _gradient(slopes: NDArray[np.float64], scores: Array, labels: Array) -> Array:
    """Turn the slope of every wrong class into a gradient: the right one balances them."""
    slopes[np.arange(len(labels)), labels] = -slopes.sum(axis=1)
    return (slopes / max(len(labels), 1)).astype(scores.dtype)
