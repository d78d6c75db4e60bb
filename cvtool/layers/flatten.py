"""Flatten: from images to the vectors that fully-connected layers take."""

from math import prod

from cvtool.kernels import elementwise
from cvtool.layers.base import Array, Layer, Shape
from cvtool.layers.buffers import Buffer


class Flatten(Layer):
    """``(height, width, channels)`` to ``(height × width × channels,)``.

    A view wherever memory allows; what lies inside a border, or has to go into ``out``, is copied.
    """

    formula = "flatten"

    def __init__(self) -> None:
        self._memory = Buffer()
        self._grad_memory = Buffer()

    def _output_shape(self, input_shape: Shape) -> Shape:
        return (prod(input_shape),)

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Lay each image out in a row."""
        return _reshape(inputs, self.output_shape, self._memory, out)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Fold each row back into an image."""
        return _reshape(grad_outputs, self.input_shape, self._grad_memory, out)


def _reshape(array: Array, shape: Shape, memory: Buffer, out: Array | None) -> Array:
    """Show each first index of an array in another shape, copying only if need be."""
    if out is None and array.flags.c_contiguous:
        return array.reshape(len(array), *shape)
    if out is None:
        out = memory.take((len(array), *shape), array.dtype)
    if out.flags.c_contiguous:
        elementwise.copy(array, out.reshape(array.shape))
    else:
        elementwise.copy(array.reshape(out.shape), out)
    return out
