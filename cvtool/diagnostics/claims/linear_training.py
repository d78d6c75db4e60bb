"""A linear softmax classifier that learns from all images at each step: quick and without luck."""

import numpy as np

from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.claims.samples import Matrix
from cvtool.losses.softmax import softmax_loss


def learn_linear(
    rows: Matrix, labels: Indices, classes: int, *, strength: float = 0.0, steps: int = 300
) -> Matrix:
    """Return weights ``(numbers + 1, classes)``, the biases last, learned by gradient descent.

    Parameters
    ----------
    rows
        ``(n, numbers)``, centered.
    strength
        λ of λΣw², which biases are free of.

    Notes
    -----
    The rate is the inverse of a bound on the curvature, (largest singular value)²/(2n) + 2λ, with
    momentum: the loss cannot explode, whatever the images. From zero, steps never leave the span
    of the rows, so that a few images of many pixels are seen by their coordinates in it.
    """
    if rows.shape[1] > len(rows):
        scores, axes = _in_their_span(rows)
        learned = learn_linear(scores, labels, classes, strength=strength, steps=steps)
        return np.vstack([axes @ learned[:-1], learned[-1:]])
    inputs = with_ones(rows)
    curvature = float(np.linalg.norm(inputs, 2)) ** 2 / (2 * len(rows)) + 2 * strength
    weights = np.zeros((inputs.shape[1], classes))
    velocity = np.zeros_like(weights)
    for _ in range(steps):
        _, grad_scores = softmax_loss(inputs @ weights, labels)
        gradient = inputs.T @ grad_scores
        gradient[:-1] += 2 * strength * weights[:-1]
        velocity = 0.9 * velocity - gradient / curvature
        weights += velocity
    return weights


def _in_their_span(rows: Matrix) -> tuple[Matrix, Matrix]:
    """Return coordinates ``(n, n)`` of rows, and the orthogonal axes ``(numbers, n)`` of them."""
    axes, triangle = np.linalg.qr(rows.T)
    return triangle.T, axes


def with_ones(rows: Matrix) -> Matrix:
    """Append a one to each row, whose weights are the biases (notes §2.3)."""
    return np.hstack([rows, np.ones((len(rows), 1))])


def accuracy(weights: Matrix, rows: Matrix, labels: Indices) -> float:
    """Tell the share of rows whose own class scores highest."""
    return float((np.argmax(with_ones(rows) @ weights, axis=1) == labels).mean())


def data_loss(weights: Matrix, rows: Matrix, labels: Indices) -> float:
    """Return the softmax loss on rows, without the penalty on weights."""
    return softmax_loss(with_ones(rows) @ weights, labels)[0]
