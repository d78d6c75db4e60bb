"""How gradients become steps.

An optimizer owns only its memory; the schedule hands it the rate. The formulas, and the numbers not
open to choice, are those of PyTorch.
"""

from collections.abc import Callable, Mapping

from cvtool.config import LearnerConfig
from cvtool.kernels import updates
from cvtool.layers.base import Parameter
from cvtool.training.blind_search import LocalSearch, RandomSearch
from cvtool.training.stepping import Optimizer


class SGD(Optimizer):
    """Straight down the gradient (notes §3.3)."""

    def _update(self, parameter: Parameter, rate: float) -> None:
        updates.sgd(parameter.values, parameter.gradient, rate)


class Momentum(Optimizer):
    """A step keeps a share of the one before (Polyak 1964)."""

    looks_ahead = False

    def __init__(self, momentum: float = 0.9) -> None:
        super().__init__()
        self.momentum = momentum

    def _update(self, parameter: Parameter, rate: float) -> None:
        velocity = self._recall(parameter, "velocity")
        rule = (rate, self.momentum, self.looks_ahead)
        updates.momentum(parameter.values, parameter.gradient, velocity, *rule)


class Nesterov(Momentum):
    """Momentum that looks at where it is about to be (Sutskever et al. 2013)."""

    looks_ahead = True


class AdaGrad(Optimizer):
    """Each weight's steps shrink with all its gradients so far (Duchi et al. 2011)."""

    def _update(self, parameter: Parameter, rate: float) -> None:
        squares = self._recall(parameter, "squares")
        updates.adagrad(parameter.values, parameter.gradient, squares, rate, 1e-10)


class RMSprop(Optimizer):
    """Each weight's steps shrink with its recent gradients (Hinton's lecture 6e, 2012)."""

    def _update(self, parameter: Parameter, rate: float) -> None:
        squares = self._recall(parameter, "squares")
        updates.rmsprop(parameter.values, parameter.gradient, squares, rate, 0.99, 1e-8)


class Adam(Optimizer):
    """Momentum and RMSprop together, corrected for their start (Kingma and Ba 2015)."""

    decay = 0.0

    def _update(self, parameter: Parameter, rate: float) -> None:
        means, squares = self._recall(parameter, "means"), self._recall(parameter, "squares")
        shrink = 1 - rate * self.decay if parameter.regularized else 1.0
        rule = (rate, (0.9, 0.999), 1e-8, self.steps, shrink)
        updates.adam(parameter.values, parameter.gradient, means, squares, *rule)


class AdamW(Adam):
    """Adam whose weights, not biases, decay on their own (Loshchilov and Hutter 2019).

    Decay, in place of a penalty in the loss, is not divided by the size of the gradients: each step
    first multiplies the weights by 1 − rate × decay.
    """

    def __init__(self, decay: float = 0.01) -> None:
        super().__init__()
        self.decay = decay


def make_optimizer(
    name: str, *, momentum: float = 0.9, decay: float = 0.01, seed: int = 0
) -> Optimizer:
    """Make an optimizer by its name in ``OPTIMIZERS`` or ``BLIND_SEARCHES``.

    Parameters
    ----------
    name
        One of ``config.OPTIMIZERS`` or ``config.BLIND_SEARCHES``.
    momentum
        Share of the step before that ``momentum`` and ``nesterov`` keep.
    decay
        Decay of ``adamw``, for which ``--strength`` stands there instead of a penalty.
    seed
        That of the run, for what blind searches draw.
    """
    if name in BLIND_SEARCHES:
        return BLIND_SEARCHES[name](seed)
    return OPTIMIZERS[name](momentum, decay)


def optimizer_of(config: LearnerConfig) -> Optimizer:
    """Make the optimizer that a run is configured to learn with."""
    return make_optimizer(
        config.optimizer, momentum=config.momentum, decay=config.strength, seed=config.seed
    )


OPTIMIZERS: Mapping[str, Callable[[float, float], Optimizer]] = {
    "sgd": lambda _momentum, _decay: SGD(),
    "momentum": lambda momentum, _decay: Momentum(momentum),
    "nesterov": lambda momentum, _decay: Nesterov(momentum),
    "adagrad": lambda _momentum, _decay: AdaGrad(),
    "rmsprop": lambda _momentum, _decay: RMSprop(),
    "adam": lambda _momentum, _decay: Adam(),
    "adamw": lambda _momentum, decay: AdamW(decay),
}

BLIND_SEARCHES: Mapping[str, Callable[[int], Optimizer]] = {
    "random-search": RandomSearch,
    "local-search": LocalSearch,
}
