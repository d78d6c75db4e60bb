"""A fully-connected layer that reads pixels as they are stored and scales them in its product."""

from math import prod

import numpy as np
from numpy.typing import DTypeLike

from cvtool.kernels.byte_products import byte_gradient, fold, multiply_bytes
from cvtool.kernels.products import multiply
from cvtool.layers.base import Array, Initializer, Shape
from cvtool.layers.buffers import Buffer
from cvtool.layers.fully_connected import FullyConnected

_WHITE = 255.0


class ScaledPixels(FullyConnected):
    """``((pixels / 255 − mean) / scale)·W + b`` of uint8 images, as memory is a byte a pixel.

    Weights and biases are those of a fully-connected layer that is given preprocessed pixels: in
    name, shape, initialization and meaning, so that either reads the other's checkpoints.

    Parameters
    ----------
    neurons
        As for ``FullyConnected``.
    mean, scale
        Of pixels in [0, 1]; ``()``, ``(channels,)`` or ``(height, width, channels)``.
    """

    def __init__(self, neurons: int, mean: Array, scale: Array) -> None:
        super().__init__(neurons)
        self._preprocessing = (mean, scale)
        self._images = Buffer()

    def _output_shape(self, input_shape: Shape) -> Shape:
        return (self.neurons,)

    def initialize(
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Draw the weights, and bring the preprocessing to their type and to units of bytes."""
        super().initialize(initializer, random, dtype)
        mean, scale = (each.astype(np.float64) * _WHITE for each in self._preprocessing)
        self._mean, self._inverse_scale = (
            np.broadcast_to(each, self.input_shape).astype(dtype).ravel()
            for each in (mean, 1 / scale)
        )

    def place(self, count: int) -> Array:
        """Offer memory for images ``(count, height, width, channels)`` of uint8."""
        return self._images.take((count, *self.input_shape), np.uint8)

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Multiply uint8 images ``(n, height, width, channels)`` by the weights."""
        del training
        weights, bias = (parameter.values for parameter in self._parameters)
        images = inputs.reshape(len(inputs), prod(self.input_shape))
        folded, start = fold(weights, bias, self._mean, self._inverse_scale)
        self._inputs, self._folded = images, folded
        outputs = self._outputs.take((len(images), self.neurons), weights.dtype)
        multiply_bytes(images, folded, start, rectify=self.rectifies, out=outputs)
        if out is None:
            return outputs
        out[...] = outputs
        return out

    def backward_parameters(self, grad_outputs: Array) -> None:
        """Set the gradients of weights and biases."""
        weights, bias = self._parameters
        preprocessing = (self._mean, self._inverse_scale)
        _, sums = byte_gradient(self._inputs, grad_outputs, *preprocessing, out=weights.gradient)
        bias.gradient[...] = sums

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the parameters' gradients and return that of the stored pixels."""
        self.backward_parameters(grad_outputs)
        return self.backward_inputs(grad_outputs, out=out)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Return the gradient of the stored pixels only."""
        if out is None:
            out = self._grad_inputs.take((len(grad_outputs), *self.input_shape), grad_outputs.dtype)
        out[...] = multiply(grad_outputs, self._folded).reshape(out.shape)
        return out
