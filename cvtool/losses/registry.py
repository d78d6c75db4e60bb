"""The losses a formula can end in."""

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from cvtool.losses.softmax import softmax_loss
from cvtool.losses.svm import svm_loss

Loss = Callable[[NDArray[Any], NDArray[Any]], tuple[float, NDArray[Any]]]
"""``(scores, labels) → (loss, grad_scores)``: the mean over the batch and its gradient."""

LOSSES: Mapping[str, Loss] = {"softmax": softmax_loss, "svm": svm_loss}
