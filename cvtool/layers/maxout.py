"""Maxout: the largest of several linear functions (notes §6.1.4; Goodfellow et al. 2013)."""

from cvtool.errors import UsageError
from cvtool.kernels import maximum
from cvtool.layers.base import Array, Layer, Shape
from cvtool.layers.buffers import Buffer


class Maxout(Layer):
    """The largest of each ``pieces`` neighboring channels: ``(…, channels)`` to fewer channels.

    The linear functions are those of the layer before: ``fc-512 + maxout2`` makes 256 neurons of
    two pieces each.

    Raises
    ------
    UsageError
        If there are fewer than two pieces, or, when bound, channels that do not divide evenly.
    """

    def __init__(self, pieces: int = 2) -> None:
        if pieces < 2:
            raise UsageError(f"maxout takes at least 2 pieces, not {pieces}: write maxout2")
        self.pieces = pieces
        self._memory = Buffer()
        self._grad_memory = Buffer()
        self._inputs: Array
        self._outputs: Array

    @property
    def formula(self) -> str:
        """``maxout`` and its number of pieces."""
        return f"maxout{self.pieces}"

    def _output_shape(self, input_shape: Shape) -> Shape:
        channels, left = divmod(input_shape[-1], self.pieces)
        if left or not channels:
            nearest = max(1, round(input_shape[-1] / self.pieces)) * self.pieces
            raise UsageError(
                f"{self.formula} needs a number of channels that {self.pieces} "
                f"divides, not {input_shape[-1]}: give the layer before {nearest}"
            )
        return (*input_shape[:-1], channels)

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Take the largest of each group of neighbors."""
        shape = (len(inputs), *self.output_shape)
        self._inputs = inputs
        self._outputs = self._memory.take(shape, inputs.dtype) if out is None else out
        maximum.maxout(inputs, self.pieces, self._outputs)
        return self._outputs

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Give each gradient to the input that was largest."""
        grad_inputs = self._grad_memory.like(self._inputs) if out is None else out
        maximum.maxout_backward(grad_outputs, self._inputs, self._outputs, self.pieces, grad_inputs)
        return grad_inputs
