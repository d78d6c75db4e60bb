"""The losses a network can be trained with, by name and, for those that have one, margin."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from numpy.typing import NDArray

from cvtool.losses.softmax import softmax_loss
from cvtool.losses.svm import MARGIN, squared_svm_loss, svm_loss

Loss = Callable[[NDArray[Any], NDArray[Any]], tuple[float, NDArray[Any]]]
"""``(scores, labels) → (loss, grad_scores)``: the mean over the batch and its gradient."""


def make_loss(name: str, margin: float = MARGIN) -> Loss:
    """Make a loss by its name in ``LOSSES``; softmax knows no margin."""
    return LOSSES[name](margin)


LOSSES: Mapping[str, Callable[[float], Loss]] = {
    "softmax": lambda _margin: softmax_loss,
    "svm": lambda margin: partial(svm_loss, margin=margin),
    "squared-svm": lambda margin: partial(squared_svm_loss, margin=margin),
}
