"""Dropout: no neuron may rely on another being there (Srivastava et al. 2014)."""

from collections.abc import Callable

import numpy as np

from cvtool.errors import UsageError
from cvtool.kernels import elementwise
from cvtool.kernels.dropping import drop
from cvtool.layers.base import Array, Layer
from cvtool.layers.buffers import Buffer
from cvtool.layers.wording import number


class Dropout(Layer):
    """While training, set a share ``rate`` of all numbers to 0 and scale up the others.

    Scaling by 1 / (1 − rate) keeps the expectation ("inverted" dropout), so that nothing is left to
    do at inference. The mask is a function of the random numbers last given to ``reseed`` and of
    the position in the batch; ``hold = True`` keeps it over further steps, which a gradient check
    needs. Backward, gradients are overwritten in place.

    Raises
    ------
    UsageError
        If the rate is not from 0 to below 1.
    """

    def __init__(self, rate: float = 0.5) -> None:
        if not 0 <= rate < 1:
            raise UsageError(
                f"dropout takes a rate from 0 to below 1, not {rate:g}: write dropout0.5"
            )
        self.rate = rate
        self.hold = False
        self._key = 0
        self._drops = False
        self._memory = Buffer()

    @property
    def formula(self) -> str:
        """``dropout`` and its rate."""
        return "dropout" + number(self.rate)

    def reseed(self, random: Callable[[str], np.random.Generator]) -> None:
        """Draw a new mask, unless the present one is held."""
        if not self.hold:
            self._key = int.from_bytes(random(self.name).bytes(8), "little")

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Drop while training; hand on the inputs otherwise."""
        self._drops = training and self.rate > 0
        if self._drops:
            outputs = self._memory.like(inputs) if out is None else out
            drop(inputs, self.rate, self._key, outputs)
            return outputs
        return _identity(inputs, out)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Drop the gradients of what was dropped, and scale the others alike."""
        if self._drops:
            grad_inputs = grad_outputs if out is None else out
            drop(grad_outputs, self.rate, self._key, grad_inputs)
            return grad_inputs
        return _identity(grad_outputs, out)


def _identity(array: Array, out: Array | None) -> Array:
    if out is None:
        return array
    elementwise.copy(array, out)
    return out
