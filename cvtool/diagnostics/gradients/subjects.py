"""What can be checked: a loss as a function of arrays, with its analytic gradients beside them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cvtool.diagnostics.gradients.differences import Value
from cvtool.diagnostics.gradients.kinks import forward, hinge_winners, signs
from cvtool.layers.base import Array, Parameter
from cvtool.layers.chain import Chain
from cvtool.losses.registry import make_loss
from cvtool.losses.regularization import penalty
from cvtool.losses.svm import MARGIN


@dataclass(frozen=True, eq=False)
class Tensor:
    """An array that the loss depends on, and what the backward pass says of it."""

    name: str
    values: Array
    gradient: Array


class Subject(Protocol):
    """A function to differentiate."""

    def tensors(self) -> Iterator[Tensor]:
        """Go forward and back; yield all arrays there are gradients of."""

    def value(self) -> Value:
        """Go forward, with the arrays as they are now."""


Head = Callable[[Array], tuple[float, float, Array, bytes]]
"""``outputs → (loss, magnitude, grad_outputs, winners)``."""


class Projection:
    """Σ outputs · weights, by which a layer is checked without any loss behind it."""

    def __init__(self, weights: Array) -> None:
        self._weights = weights

    def __call__(self, outputs: Array) -> tuple[float, float, Array, bytes]:
        """Multiply and add in double precision."""
        terms = outputs.astype(np.float64) * self._weights
        magnitude = float(np.abs(terms).sum())
        return float(terms.sum()), magnitude, self._weights.astype(outputs.dtype), b""


class Judgement:
    """A loss of scores and labels, by name."""

    def __init__(self, name: str, labels: Array) -> None:
        self._name, self._labels = name, labels
        self._loss = make_loss(name)

    def __call__(self, outputs: Array) -> tuple[float, float, Array, bytes]:
        """Judge scores; hinges have winners."""
        loss, grad_scores = self._loss(outputs, self._labels)
        hinges = "svm" in self._name
        won = hinge_winners(outputs, self._labels, MARGIN) if hinges else b""
        # Scores as large as the loss take part in it, whatever remains of them.
        return loss, abs(loss) + float(np.abs(outputs).max(initial=0)), grad_scores, won


@dataclass(frozen=True)
class Regularization:
    """λR(W) by its choices (notes §3.2)."""

    kind: str
    strength: float = 0.1
    elastic_beta: float = 0.5

    def add_to(self, parameters: list[Parameter]) -> tuple[float, bytes]:
        """Add the gradient to that of the weights; return the penalty and the signs it met."""
        weights = [(each.values, each.gradient) for each in parameters if each.regularized]
        cost = penalty(self.kind, self.strength, self.elastic_beta, weights)
        has_corners = self.kind in ("l1", "elastic-net")
        return cost, b"".join(signs(each) for each, _ in weights if has_corners)


class ChainSubject:
    """Layers on a batch with a head behind them, and a penalty on their weights if there is one."""

    def __init__(
        self,
        chain: Chain,
        inputs: Array,
        head: Head,
        *,
        training: bool = True,
        regularization: Regularization | None = None,
    ) -> None:
        self._chain, self._inputs, self._head = chain, inputs, head
        self._training = training
        self._regularization = regularization

    def tensors(self) -> Iterator[Tensor]:
        """Yield the inputs and all parameters."""
        outputs = self._chain.forward(self._inputs, training=self._training)
        _, _, grad_outputs, _ = self._head(outputs)
        grad_inputs = self._chain.backward(np.copy(grad_outputs)).copy()
        parameters = self._chain.parameters
        if self._regularization:
            self._regularization.add_to(list(parameters))
        gradients = [each.gradient.copy() for each in parameters]
        yield Tensor("inputs", self._inputs, grad_inputs)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            yield Tensor(parameter.name, parameter.values, gradient)

    def value(self) -> Value:
        """Return the loss and who won on the way to it."""
        outputs, won = forward(self._chain, self._inputs, training=self._training)
        loss, magnitude, _, won_behind = self._head(outputs)
        if self._regularization:
            cost, met = self._regularization.add_to(list(self._chain.parameters))
            loss, magnitude, won_behind = loss + cost, magnitude + cost, won_behind + met
        return Value(loss, magnitude, won + won_behind)


class LossSubject:
    """A loss as a function of the scores alone."""

    def __init__(self, scores: Array, judgement: Judgement) -> None:
        self._scores, self._judgement = scores, judgement

    def tensors(self) -> Iterator[Tensor]:
        """Yield the scores."""
        _, _, grad_scores, _ = self._judgement(self._scores)
        yield Tensor("scores", self._scores, grad_scores.copy())

    def value(self) -> Value:
        """Return the loss and which hinges are active."""
        loss, magnitude, _, won = self._judgement(self._scores)
        return Value(loss, magnitude, won)


class PenaltySubject:
    """A penalty on weights, apart from any data."""

    def __init__(self, parameters: list[Parameter], regularization: Regularization) -> None:
        self._parameters = [each for each in parameters if each.regularized]
        self._regularization = regularization

    def tensors(self) -> Iterator[Tensor]:
        """Yield all weights."""
        for parameter in self._parameters:
            parameter.gradient[...] = 0
        self._regularization.add_to(self._parameters)
        gradients = [each.gradient.copy() for each in self._parameters]
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            yield Tensor(parameter.name, parameter.values, gradient)

    def value(self) -> Value:
        """Return the penalty and the signs of the weights, where they matter."""
        cost, met = self._regularization.add_to(self._parameters)
        return Value(cost, cost, met)
