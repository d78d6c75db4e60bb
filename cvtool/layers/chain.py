"""Layers one behind the other, and what neighbors can do for each other."""

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import pairwise

import numpy as np

from cvtool.errors import UsageError
from cvtool.layers.activations import Activation, ReLU
from cvtool.layers.base import Array, Layer, Parameter, Shape
from cvtool.layers.pooling import AveragePool, MaxPool


class Chain(Layer):
    """A sequence of layers that is itself a layer.

    Binding the chain lets neighbors help each other, without any change in results:

    - a layer that can set negative outputs to zero does so for the ReLU behind it (``rectifies``);
    - a layer that can clear its input gradient where its inputs are zero does so for the ReLU
      before it (``masks``);
    - a layer writes its outputs, and the gradient of its inputs, straight into the zero-bordered
      memory of the neighbor that reads them (``place``, ``place_gradient``).
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    @property
    def formula(self) -> str:
        """Join the layers' formulas by plus signs."""
        return " + ".join(layer.formula for layer in self.layers)

    def bind(self, input_shape: Shape) -> Shape:
        """Take the shape of one input, name and bind all layers in order, and join neighbors.

        Raises
        ------
        UsageError
            If a layer does not fit the one before it; the message says which and where.
        """
        self.input_shape = shape = input_shape
        for number, (name, layer) in enumerate(zip(self._names(), self.layers, strict=True), 1):
            layer.name = name
            try:
                shape = layer.bind(shape)
            except UsageError as error:
                raise UsageError(self._with_place(str(error), number)) from None
        self.output_shape = shape
        self._join_rectifiers()
        return shape

    def _with_place(self, message: str, number: int) -> str:
        layer = self.layers[number - 1]
        message = message.replace(layer.formula, f"{layer.formula} (layer {number})", 1)
        if isinstance(layer, MaxPool | AveragePool) and len(self.input_shape) == 3:
            height, width, _ = self.input_shape
            times = min(height, width).bit_length() - 1
            hint = f": {height}×{width} images can be halved {times} times; "
            message = message.replace(": ", hint, 1)
        return message

    def _names(self) -> Iterator[str]:
        prefix = f"{self.name}/" if self.name else ""
        counts: Counter[str] = Counter()
        for layer in self.layers:
            word = re.split(r"-?\d|\(", layer.formula)[0]
            counts[word] += 1
            yield f"{prefix}{word}{counts[word]}"

    def _join_rectifiers(self) -> None:
        for before, layer in pairwise(self.layers):
            if isinstance(layer, ReLU) and hasattr(before, "rectifies"):
                before.rectifies = layer.forward_absorbed = True
        for layer, behind in pairwise(self.layers):
            if isinstance(layer, ReLU) and hasattr(behind, "masks"):
                behind.masks = layer.backward_absorbed = True

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """List the parameters of all layers, first to last."""
        return tuple(parameter for layer in self.layers for parameter in layer.parameters)

    @property
    def state(self) -> dict[str, Array]:
        """Join the states of all layers."""
        return {name: value for layer in self.layers for name, value in layer.state.items()}

    def parameter_count(self) -> int:
        """Add up all layers."""
        return sum(layer.parameter_count() for layer in self.layers)

    def multiply_adds(self) -> int:
        """Add up all layers."""
        return sum(layer.multiply_adds() for layer in self.layers)

    def reseed(self, random: Callable[[str], np.random.Generator]) -> None:
        """Hand fresh random numbers to all layers."""
        for layer in self.layers:
            layer.reseed(random)

    def place(self, count: int) -> Array | None:
        """Offer the memory of the first layer."""
        return self.layers[0].place(count) if self.layers else None

    def place_gradient(self, count: int) -> Array | None:
        """Offer the memory of the last layer that does not work in place."""
        return self._place_before(len(self.layers), count)

    def _place_behind(self, index: int, count: int, end: Array | None) -> Array | None:
        for layer in self.layers[index + 1 :]:
            if not _passes_on(layer):
                return layer.place(count)
        return end

    def _place_before(self, index: int, count: int, end: Array | None = None) -> Array | None:
        for layer in reversed(self.layers[:index]):
            if not isinstance(layer, Activation):
                return layer.place_gradient(count)
        return end

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Pass inputs through all layers."""
        for _, outputs in self.outputs(inputs, training=training, out=out):
            inputs = outputs
        return inputs

    def outputs(
        self, inputs: Array, *, training: bool = False, out: Array | None = None
    ) -> Iterator[tuple[Layer, Array]]:
        """Yield every layer with its outputs, one after the other."""
        for index, layer in enumerate(self.layers):
            room = self._place_behind(index, len(inputs), out)
            inputs = layer.forward(
                inputs, training=training, out=None if _passes_on(layer) else room
            )
            yield layer, inputs

    def backward_parameters(self, grad_outputs: Array) -> None:
        """Go back no further than the first layer that learns."""
        learning = [i for i, layer in enumerate(self.layers) if layer.parameter_count()]
        first = learning[0] if learning else len(self.layers)
        grads = self._backward_to(first + 1, grad_outputs)
        if learning:
            self.layers[first].backward_parameters(grads)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Pass the gradient back through all layers."""
        return self._backward_to(0, grad_outputs, out)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Pass the gradient back through all layers, and leave those of the parameters out."""
        return self._backward_to(0, grad_outputs, out, parameters=False)

    def _backward_to(
        self, first: int, grads: Array, out: Array | None = None, *, parameters: bool = True
    ) -> Array:
        for index in range(len(self.layers) - 1, first - 1, -1):
            layer = self.layers[index]
            room = self._place_before(index, len(grads), out)
            in_place = isinstance(layer, Activation) and index < len(self.layers) - 1
            backward = layer.backward if parameters else layer.backward_inputs
            grads = backward(grads, out=None if in_place else room)
        return grads

    def walk(self) -> Iterator[Layer]:
        """Yield all layers, and those inside them, first to last."""
        for layer in self.layers:
            yield from layer.walk()

    def trace(self, inputs: Array) -> Generator[tuple[Layer, Array], None, Array]:
        """Pass inputs through all layers, and show what each makes of them."""
        for layer in self.layers:
            inputs = yield from layer.trace(inputs)
        return inputs

    def way_to(self, layer: Layer) -> tuple[Layer, ...]:
        """List the layers before one, and those inside the block that it is in, up to it."""
        for index, each in enumerate(self.layers):
            inner = each.way_to(layer)
            if inner:
                return (*self.layers[:index], *inner)
        return ()

    def up_to(self, layer: Layer) -> "Chain":
        """Return a chain that ends at a layer, and shares all of its layers with this one.

        It is not to be bound: neighbors are joined as they are here. So the last layer may compute
        a ReLU along that is not there any more, and a ReLU at the end may leave its gradient to a
        layer that is not there: backward, the former is as if it did not, the latter is wrong.
        """
        return Chain(self.way_to(layer))


def _passes_on(layer: Layer) -> bool:
    return isinstance(layer, ReLU) and layer.forward_absorbed
