"""The nonlinearities (notes §6.1): functions of one number at a time.

An activation reads its inputs but leaves them as they are, since others may need them. Backward it
may write over ``grad_outputs`` and return it: the layer after has no more use for it.
"""

from abc import abstractmethod

import numpy as np
from numpy.typing import DTypeLike

from cvtool.errors import UsageError
from cvtool.kernels import elementwise, learned_slope, squashing
from cvtool.layers.base import Array, Initializer, Layer, Parameter
from cvtool.layers.buffers import Buffer
from cvtool.layers.wording import number


class Activation(Layer):
    """A function of each number whose derivative can be told from its output."""

    def __init__(self) -> None:
        self._memory = Buffer()
        self._outputs: Array

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Apply the function to each number; ``(images, …)`` to the same shape."""
        self._outputs = self._memory.like(inputs) if out is None else out
        self._apply(inputs, self._outputs)
        return self._outputs

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Multiply gradients by the derivative, in place if there is no ``out``."""
        grad_inputs = grad_outputs if out is None else out
        self._differentiate(grad_outputs, self._outputs, grad_inputs)
        return grad_inputs

    @abstractmethod
    def _apply(self, inputs: Array, outputs: Array) -> None: ...

    @abstractmethod
    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None: ...


class ReLU(Activation):
    """max(0, x) (notes §6.1.3).

    ``forward_absorbed`` says that the layer before has already rectified what it hands over, and
    ``backward_absorbed`` that the layer after has already masked the gradient; either is then
    returned as it is, whatever ``out``.
    """

    formula = "relu"

    def __init__(self) -> None:
        super().__init__()
        self.forward_absorbed = False
        self.backward_absorbed = False

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Rectify, or hand on what is rectified already."""
        if self.forward_absorbed:
            self._outputs = inputs
            return inputs
        return super().forward(inputs, training=training, out=out)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Mask the gradient, or hand on what is masked already."""
        if self.backward_absorbed:
            return grad_outputs
        return super().backward(grad_outputs, out=out)

    def _apply(self, inputs: Array, outputs: Array) -> None:
        elementwise.relu(inputs, outputs)

    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None:
        elementwise.relu_backward(grad_outputs, outputs, grad_inputs)


class LeakyReLU(Activation):
    """max(αx, x) with a small slope α (notes §6.1.4).

    Raises
    ------
    UsageError
        If the slope is not between 0 and 1, where the maximum is no leaky ReLU.
    """

    def __init__(self, slope: float = 0.01) -> None:
        super().__init__()
        if not 0 <= slope < 1:
            raise UsageError(
                f"leaky-relu takes a slope from 0 to below 1, not {slope:g}: write leaky-relu0.1"
            )
        self.slope = slope

    @property
    def formula(self) -> str:
        """``leaky-relu``, with its slope unless that is 0.01."""
        return "leaky-relu" + number(self.slope, default=0.01)

    def _apply(self, inputs: Array, outputs: Array) -> None:
        elementwise.leaky_relu(inputs, self.slope, outputs)

    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None:
        elementwise.leaky_relu_backward(grad_outputs, outputs, self.slope, grad_inputs)


class ELU(Activation):
    """x where it is positive, else α(eˣ − 1) (notes §6.1.4).

    Raises
    ------
    UsageError
        If α is not positive.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        if not 0 < alpha < float("inf"):
            raise UsageError(f"elu takes an alpha of more than 0, not {alpha:g}: write elu0.5")
        self.alpha = alpha

    @property
    def formula(self) -> str:
        """``elu``, with its α unless that is 1."""
        return "elu" + number(self.alpha, default=1.0)

    def _apply(self, inputs: Array, outputs: Array) -> None:
        squashing.elu(inputs, self.alpha, outputs)

    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None:
        squashing.elu_backward(grad_outputs, outputs, self.alpha, grad_inputs)


class Sigmoid(Activation):
    """1 / (1 + e⁻ˣ) (notes §6.1.1)."""

    formula = "sigmoid"

    def _apply(self, inputs: Array, outputs: Array) -> None:
        squashing.sigmoid(inputs, outputs)

    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None:
        squashing.sigmoid_backward(grad_outputs, outputs, grad_inputs)


class Tanh(Activation):
    """The hyperbolic tangent (notes §6.1.2)."""

    formula = "tanh"

    def _apply(self, inputs: Array, outputs: Array) -> None:
        squashing.tanh(inputs, outputs)

    def _differentiate(self, grad_outputs: Array, outputs: Array, grad_inputs: Array) -> None:
        squashing.tanh_backward(grad_outputs, outputs, grad_inputs)


class PReLU(Layer):
    """A leaky ReLU whose slopes are learned, one for each channel (notes §6.1.4; He et al. 2015).

    The notes list it as "the same as leaky ReLU"; what makes it parametric is that its slopes have
    gradients. They are not regularized: a penalty would pull them to a plain ReLU.
    """

    def __init__(self, slope: float = 0.25) -> None:
        self.slope = slope
        self._memory = Buffer()
        self._grad_memory = Buffer()
        self._parameters: tuple[Parameter, ...] = ()
        self._inputs: Array

    @property
    def formula(self) -> str:
        """``prelu``, with the slope it starts from unless that is 0.25."""
        return "prelu" + number(self.slope, default=0.25)

    def initialize(
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Start all slopes from the same one."""
        slopes = np.full(self.input_shape[-1], self.slope, dtype)
        self._parameters = (Parameter(f"{self.name}/slopes", slopes, regularized=False),)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The slopes, ``(channels,)``."""
        return self._parameters

    def parameter_count(self) -> int:
        """One slope a channel."""
        return self.input_shape[-1]

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Multiply what is not positive by the slope of its channel."""
        (slopes,) = self._parameters
        self._inputs = inputs
        outputs = self._memory.like(inputs) if out is None else out
        learned_slope.prelu(inputs, slopes.values, outputs)
        return outputs

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the slopes' gradient and return that of the inputs."""
        (slopes,) = self._parameters
        grad_inputs = self._grad_memory.like(grad_outputs) if out is None else out
        slopes.gradient[...] = learned_slope.prelu_backward(
            grad_outputs, self._inputs, slopes.values, grad_inputs
        )
        return grad_inputs
