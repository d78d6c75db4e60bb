"""The fully-connected layer (§4.2, §5.3): every output sees every input."""

from math import prod

import numpy as np
from numpy.typing import DTypeLike

from cvtool.errors import UsageError
from cvtool.kernels.products import multiply, multiply_by_transposed, transpose
from cvtool.layers.base import Array, Initializer, Layer, Parameter, Shape
from cvtool.layers.buffers import Buffer


class FullyConnected(Layer):
    """Scores ``x·W + b`` of ``neurons`` neurons; ``W`` is ``(inputs, neurons)``.

    ``rectifies`` and ``masks`` join neighboring ReLUs, as in ``Convolution``.
    """

    rectifies = False
    masks = False

    def __init__(self, neurons: int) -> None:
        self.neurons = neurons
        self._parameters: tuple[Parameter, ...] = ()
        self._outputs, self._grad_inputs = Buffer(), Buffer()

    @property
    def formula(self) -> str:
        """Write ``fc-256``."""
        return f"fc-{self.neurons}"

    def _output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            sizes = "×".join(map(str, input_shape))
            raise UsageError(
                f"{self.formula} needs one row of numbers but gets {sizes} images: "
                "put flatten or gap before it"
            )
        return (self.neurons,)

    def initialize(
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Draw the weights; biases start at zero."""
        inputs = prod(self.input_shape)
        weights = initializer((inputs, self.neurons), inputs, random).astype(dtype)
        self._parameters = (
            Parameter(f"{self.name}/weights", weights),
            Parameter(f"{self.name}/bias", np.zeros(self.neurons, dtype), regularized=False),
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Weights ``(inputs, neurons)`` and biases ``(neurons,)``."""
        return self._parameters

    def parameter_count(self) -> int:
        """Count weights and biases."""
        return (prod(self.input_shape) + 1) * self.neurons

    def multiply_adds(self) -> int:
        """Count one multiplication for every weight."""
        return prod(self.input_shape) * self.neurons

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Multiply ``(n, inputs)`` by the weights."""
        del training
        weights, bias = (parameter.values for parameter in self._parameters)
        self._inputs = inputs
        if out is None:
            out = self._outputs.take((len(inputs), self.neurons), inputs.dtype)
        return multiply(inputs, weights, bias, rectify=self.rectifies, out=out)

    def backward_parameters(self, grad_outputs: Array) -> None:
        """Set the gradients of weights and biases."""
        weights, bias = self._parameters
        multiply(transpose(self._inputs), grad_outputs, out=weights.gradient)
        np.sum(grad_outputs, axis=0, out=bias.gradient)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the parameters' gradients and return that of the inputs."""
        self.backward_parameters(grad_outputs)
        return self.backward_inputs(grad_outputs, out=out)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Return the gradient of the inputs only."""
        if out is None:
            out = self._grad_inputs.like(self._inputs)
        mask = self._inputs if self.masks else None
        weights = self._parameters[0].values
        return multiply_by_transposed(grad_outputs, weights, out=out, mask=mask)
