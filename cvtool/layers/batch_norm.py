"""Batch normalization (§6.4; Ioffe and Szegedy, 2015)."""

import numpy as np
from numpy.typing import DTypeLike

from cvtool.kernels.normalization import moments, normalize, normalize_grad
from cvtool.layers.base import Array, Initializer, Layer, Parameter
from cvtool.layers.buffers import Buffer


class BatchNorm(Layer):
    """``γ·(y − μ)/√(σ² + ε) + β``, per neuron, or per filter over all images and positions.

    While training, μ and σ² are the batch's. Running means of them, in which each batch weighs
    ``1 − momentum``, serve at inference; running variances are unbiased, as usual.

    ``rectifies`` computes the ReLU that follows along, as in ``Convolution``.
    """

    rectifies = False

    def __init__(self, momentum: float = 0.9, epsilon: float = 1e-5) -> None:
        self.momentum = momentum
        self.epsilon = epsilon
        self._parameters: tuple[Parameter, ...] = ()
        self._state: dict[str, Array] = {}
        self._outputs, self._grad_inputs = Buffer(), Buffer()

    @property
    def formula(self) -> str:
        """Write ``bn``."""
        return "bn"

    def initialize(
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Start with γ = 1, β = 0, running mean 0 and running variance 1."""
        del initializer, random
        channels = self.input_shape[-1]
        self._parameters = (
            Parameter(f"{self.name}/gamma", np.ones(channels, dtype), regularized=False),
            Parameter(f"{self.name}/beta", np.zeros(channels, dtype), regularized=False),
        )
        self._state = {
            f"{self.name}/running_mean": np.zeros(channels),
            f"{self.name}/running_variance": np.ones(channels),
        }

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """γ and β, ``(channels,)`` each."""
        return self._parameters

    @property
    def state(self) -> dict[str, Array]:
        """Running mean and variance, ``(channels,)`` each in float64."""
        return self._state

    def parameter_count(self) -> int:
        """Count γ and β."""
        return 2 * self.input_shape[-1]

    def multiply_adds(self) -> int:
        """Count one for every number: at inference it is scaled and shifted."""
        return int(np.prod(self.input_shape))

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Normalize ``(n, height, width, channels)`` or ``(n, channels)``."""
        gamma, beta = (parameter.values for parameter in self._parameters)
        mean, variance = self._state.values()
        self._inputs, self._fixed = inputs, not training
        if training:
            mean, variance = moments(inputs)
            self._update_running(mean, variance, inputs.size // inputs.shape[-1])
        inverse = 1 / np.sqrt(variance + self.epsilon)
        self._mean, self._inverse = mean, inverse
        if out is None:
            out = self._outputs.like(inputs)
        return normalize(inputs, mean, gamma * inverse, beta, rectify=self.rectifies, out=out)

    def _update_running(self, mean: Array, variance: Array, count: int) -> None:
        unbiased = variance * (count / max(1, count - 1))
        for running, batch in zip(self._state.values(), (mean, unbiased), strict=True):
            running *= self.momentum
            running += (1 - self.momentum) * batch

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the gradients of γ and β and return that of the inputs.

        After training forward the batch's moments depend on the inputs too; after inference the
        running ones are numbers like any other.
        """
        gamma, beta = self._parameters
        if self._fixed:
            all_but_channels = tuple(range(grad_outputs.ndim - 1))
            normalized = (self._inputs - self._mean) * self._inverse
            gamma.gradient[...] = (grad_outputs * normalized).sum(axis=all_but_channels)
            beta.gradient[...] = grad_outputs.sum(axis=all_but_channels)
            return self.backward_inputs(grad_outputs, out=out)
        if out is None:
            out = self._grad_inputs.like(self._inputs)
        gamma.gradient[...], beta.gradient[...] = normalize_grad(
            grad_outputs, self._inputs, self._mean, self._inverse, gamma.values, out=out
        )
        return out

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Return the gradient of the inputs only, which after inference are scaled."""
        if not self._fixed:
            return self.backward(grad_outputs, out=out)
        if out is None:
            out = self._grad_inputs.like(self._inputs)
        scale = (self._parameters[0].values * self._inverse).astype(out.dtype)
        np.multiply(grad_outputs, scale, out=out)
        return out
