"""Learning without gradients (notes §3.3): guess, and keep the guess if the loss says so.

These are the baselines that show why gradients are used. One knob, the learning rate, is the
standard deviation of what is drawn, for every weight and bias. Losses of different batches cannot
be compared: the loop judges the old and the new parameters on the batch of the step, so that
nothing but the count of steps has to be remembered.
"""

from cvtool.layers.base import Array, Parameter
from cvtool.seeds import stream
from cvtool.training.stepping import Optimizer


class BlindSearch(Optimizer):
    """Proposes parameters at random; what it draws is a function of the seed and the step."""

    is_blind = True

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed

    def _draw(self, parameter: Parameter, deviation: float) -> Array:
        random = stream(self._seed, "search", parameter.name, self.steps)
        drawn: Array = random.normal(0.0, deviation, parameter.values.shape)
        return drawn.astype(parameter.values.dtype)


class RandomSearch(BlindSearch):
    """Throw all parameters away and draw others: nothing is learned from the best so far."""

    def _update(self, parameter: Parameter, rate: float) -> None:
        parameter.values[...] = self._draw(parameter, rate)


class LocalSearch(BlindSearch):
    """Go a random step from where one is: of many directions, few lead down."""

    def _update(self, parameter: Parameter, rate: float) -> None:
        parameter.values += self._draw(parameter, rate)
