"""What an optimizer is: something that changes parameters and remembers what it needs for that."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np

from cvtool.layers.base import Array, Parameter


class Optimizer(ABC):
    """Steps along gradients, remembering what it has to for each parameter.

    A blind one steps without gradients: the loop asks whether a step was worth it, and takes it
    back if not.
    """

    is_blind = False

    def __init__(self) -> None:
        self.steps = 0
        self._memories: dict[str, Array] = {}

    def step(self, parameters: Sequence[Parameter], learning_rate: float) -> None:
        """Change the values of all parameters, by their gradients unless it is blind."""
        self.steps += 1
        for parameter in parameters:
            self._update(parameter, learning_rate)

    def state(self) -> dict[str, Array]:
        """Return all that the next step depends on, by names such as ``conv1/weights/velocity``.

        The arrays are those the optimizer works in, not copies.
        """
        return {**self._memories, "steps": np.array(self.steps)}

    def restore(self, state: Mapping[str, Array]) -> None:
        """Take up, in copies, what an optimizer of the same kind remembered."""
        self._memories = {name: array.copy() for name, array in state.items() if name != "steps"}
        self.steps = int(state["steps"].item())

    def _recall(self, parameter: Parameter, what: str) -> Array:
        name = f"{parameter.name}/{what}"
        if name not in self._memories:
            self._memories[name] = np.zeros_like(parameter.values)
        return self._memories[name]

    @abstractmethod
    def _update(self, parameter: Parameter, rate: float) -> None: ...
