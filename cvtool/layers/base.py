"""What every layer is: two mirrored verbs and a little bookkeeping around them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]
Initializer = Callable[[Shape, int, np.random.Generator], Array]
"""``(shape, inputs of a neuron, random numbers) → weights``; see ``initialization``."""


@dataclass(eq=False)
class Parameter:
    """Numbers that are learned, with the gradient that the backward pass leaves beside them."""

    name: str
    values: Array
    regularized: bool = True
    gradient: Array = field(init=False)

    def __post_init__(self) -> None:
        self.gradient = np.zeros_like(self.values)


@dataclass(frozen=True)
class Window:
    """A kernel of ``size`` rows and columns that moves by ``stride`` over a border of zeros."""

    size: tuple[int, int] = (1, 1)
    stride: int = 1
    padding: int = 0


class Layer(ABC):
    """One link of the chain.

    Life of a layer: its constructor takes the choices a formula can express; ``bind`` learns the
    shape of one input, checks that it fits and derives the shape of one output (no memory yet);
    ``initialize`` makes the parameters; then ``forward`` and ``backward`` alternate. ``backward``
    belongs to the ``forward`` before it: after training to the function that was trained, with the
    batch's own statistics and masks, after inference to that of inference, which treats every image
    alone. Parameters' gradients are overwritten by either.

    The array that ``forward`` or ``backward`` returns belongs to the layer and is overwritten by
    its next call. ``out``, where given, is a buffer of the right shape to write into instead.
    Images are channels last: ``(images, height, width, channels)``.
    """

    name: str = ""
    input_shape: Shape
    output_shape: Shape
    window: Window = Window()

    @property
    @abstractmethod
    def formula(self) -> str:
        """The layer in the words of an architecture formula, as ``conv3-32``."""

    def bind(self, input_shape: Shape) -> Shape:
        """Take the shape of one input and return that of one output.

        Raises
        ------
        UsageError
            If inputs of this shape do not fit the layer.
        """
        self.input_shape = input_shape
        self.output_shape = self._output_shape(input_shape)
        return self.output_shape

    def _output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def initialize(  # noqa: B027  (most layers have nothing to initialize)
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Make the parameters."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is learned; empty before ``initialize``."""
        return ()

    @property
    def state(self) -> dict[str, Array]:
        """What is kept between steps but not learned, as running statistics; restored in place."""
        return {}

    def parameter_count(self) -> int:
        """How many numbers the bound layer learns; known before they are made."""
        return 0

    def multiply_adds(self) -> int:
        """Multiplications with addition of one image's forward pass."""
        return 0

    def reseed(self, random: Callable[[str], np.random.Generator]) -> None:  # noqa: B027
        """Take fresh random numbers for the next training step; ``random(name)`` gives them."""

    def place(self, count: int) -> Array | None:
        """Offer memory where the layer before may write the next ``count`` inputs.

        A layer that reads its inputs inside a border of zeros spares a copy this way. None means
        that inputs may lie anywhere.
        """
        return None

    def place_gradient(self, count: int) -> Array | None:
        """Offer memory where the layer behind may write the gradient of ``count`` outputs."""
        return None

    @abstractmethod
    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Map a batch of inputs to outputs, keeping what ``backward`` needs."""

    @abstractmethod
    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the parameters' gradients and return the gradient of the inputs."""

    def backward_parameters(self, grad_outputs: Array) -> None:
        """Set the parameters' gradients only, where nobody asks for that of the inputs."""
        self.backward(grad_outputs)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Return the gradient of the inputs only, where nobody asks for those of the parameters.

        What becomes of these is not said.
        """
        return self.backward(grad_outputs, out=out)

    def walk(self) -> Iterator["Layer"]:
        """Yield the layer and those inside it, first to last."""
        yield self

    def trace(self, inputs: Array) -> Generator[tuple["Layer", Array], None, Array]:
        """Do what ``forward`` does at inference, and yield every layer of ``walk`` with outputs.

        A layer comes after those inside it.
        """
        outputs = self.forward(inputs)
        yield self, outputs
        return outputs

    def way_to(self, layer: "Layer") -> tuple["Layer", ...]:
        """List the layers that inputs pass on their way to the outputs of one, itself the last.

        Empty if it is neither this one nor inside it.
        """
        return (self,) if layer is self else ()
