"""Mistakes in losses and penalties."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cvtool.diagnostics.gradients.fault import Fault, Function
from cvtool.layers.base import Array
from cvtool.losses import registry, regularization

Change = Callable[[Array, Array], None]


def _changed(change: Change) -> Callable[[Function], Function]:
    """Judge rightly, then change the gradient: ``change(grad_scores, labels)``."""

    def spoil(right: Function) -> Function:
        def loss(scores: Array, labels: Array, **choices: Any) -> tuple[float, Array]:
            value, grad_scores = right(scores, labels, **choices)
            change(grad_scores, labels)
            return value, grad_scores

        return loss

    return spoil


def _forget_right_class(grad_scores: Array, labels: Array) -> None:
    grad_scores[np.arange(len(labels)), labels] += 1 / len(labels)


def _drop_right_class(grad_scores: Array, labels: Array) -> None:
    grad_scores[np.arange(len(labels)), labels] = 0


def _times_images(grad_scores: Array, labels: Array) -> None:
    grad_scores *= len(labels)


def _halve(grad_scores: Array, _labels: Array) -> None:
    grad_scores *= 0.5


def _halved_square(right: Function) -> Function:
    def penalize(weights: Array, gradient: Array, square: float, absolute: float) -> float:
        right(weights, gradient, square / 2, absolute)
        return float(right(weights, np.zeros_like(gradient), square, absolute))

    return penalize


def _without_sign(right: Function) -> Function:
    def penalize(weights: Array, gradient: Array, square: float, absolute: float) -> float:
        right(np.abs(weights), gradient, 0.0, absolute)
        right(weights, gradient, square, 0.0)
        return float(right(weights, np.zeros_like(gradient), square, absolute))

    return penalize


def _overwriting(right: Function) -> Function:
    def penalize(weights: Array, gradient: Array, square: float, absolute: float) -> float:
        gradient[...] = 0
        return float(right(weights, gradient, square, absolute))

    return penalize


def _loss(function: str, name: str, what: str, change: Change) -> Fault:
    case = function.removesuffix("_loss").replace("_", "-") + " loss"
    return Fault(name, what, registry, function, _changed(change), (case,))


def _penalty(name: str, what: str, spoil: Callable[[Function], Function], *cases: str) -> Fault:
    return Fault(name, what, regularization, "penalize", spoil, cases)


LOSS_FAULTS = (
    _loss("softmax_loss", "softmax", "right class without its − 1", _forget_right_class),
    _loss("softmax_loss", "softmax mean", "not divided by images", _times_images),
    _loss("svm_loss", "hinge", "right class gets no gradient", _drop_right_class),
    _loss("svm_loss", "hinge mean", "not divided by images", _times_images),
    _loss("squared_svm_loss", "squared hinge", "factor 2 forgotten", _halve),
    _penalty("l2", "factor 2 forgotten", _halved_square, "l2 penalty", "elastic-net penalty"),
    _penalty("l1", "sign forgotten", _without_sign, "l1 penalty", "elastic-net penalty"),
    _penalty(
        "added up",
        "penalty's gradient overwrites that of the data",
        _overwriting,
        "softmax loss and l2 penalty",
        "softmax loss and l1 penalty",
    ),
)
