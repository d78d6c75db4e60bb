"""Pooling (§5.2): neighboring answers of a filter become one."""

from abc import abstractmethod

import numpy as np

from cvtool.errors import UsageError
from cvtool.kernels import pooling
from cvtool.kernels.windows import positions
from cvtool.layers.base import Array, Layer, Shape, Window
from cvtool.layers.buffers import Buffer


class _Pool(Layer):
    """A square window without padding."""

    word: str

    def __init__(self, size: int = 2, stride: int | None = None) -> None:
        self.window = Window((size, size), size if stride is None else stride)
        self._outputs, self._grad_inputs = Buffer(), Buffer()

    @property
    def formula(self) -> str:
        """Write ``maxpool2``, with the stride as ``/2`` where windows overlap or leave gaps."""
        size, stride = self.window.size[0], self.window.stride
        return f"{self.word}{size}" + (f"/{stride}" if stride != size else "")

    def _output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise UsageError(
                f"{self.formula} needs images but gets {input_shape[0]} numbers: "
                "put pooling before the first fully-connected layer"
            )
        height, width, channels = input_shape
        size, stride = self.window.size[0], self.window.stride
        if min(height, width) < size:
            raise UsageError(
                f"{self.formula} needs an input of at least {size}×{size} "
                f"but gets {height}×{width}: drop one pooling stage or use larger images"
            )
        return (positions(height, size, stride, 0), positions(width, size, stride, 0), channels)

    def _room(self, inputs: Array, out: Array | None) -> Array:
        shape = (len(inputs), *self.output_shape)
        return self._outputs.take(shape, inputs.dtype) if out is None else out

    def _grad_room(self, grads: Array, out: Array | None) -> Array:
        shape = (len(grads), *self.input_shape)
        return self._grad_inputs.take(shape, grads.dtype) if out is None else out

    @abstractmethod
    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Pool images ``(n, height, width, channels)``."""


class MaxPool(_Pool):
    """The largest value under each window.

    ``masks`` computes the gradient of a ReLU before the pooling along, as in ``Convolution``.
    """

    word = "maxpool"
    masks = False

    def __init__(self, size: int = 2, stride: int | None = None) -> None:
        super().__init__(size, stride)
        self._winners = Buffer()

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Keep the largest values, and for ``backward`` where they were."""
        del training
        self._kept = out = self._room(inputs, out)
        size, stride = self.window.size[0], self.window.stride
        self._won = self._winners.take(out.shape, np.uint8 if size <= 16 else np.uint32)
        return pooling.max_pool(inputs, size=size, stride=stride, out=out, winners=self._won)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Pass each gradient to the winner."""
        return pooling.max_pool_grad(
            grad_outputs,
            self._won,
            size=self.window.size[0],
            stride=self.window.stride,
            out=self._grad_room(grad_outputs, out),
            rectified_outputs=self._kept if self.masks else None,
        )


class AveragePool(_Pool):
    """The mean under each window."""

    word = "avgpool"

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Take the means."""
        del training
        window, stride = self.window.size, self.window.stride
        out = self._room(inputs, out)
        return pooling.average_pool(inputs, window=window, stride=stride, out=out)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Spread each gradient over its window."""
        window, stride = self.window.size, self.window.stride
        out = self._grad_room(grad_outputs, out)
        return pooling.average_pool_grad(grad_outputs, window=window, stride=stride, out=out)


class GlobalAveragePool(AveragePool):
    """The mean of each whole channel: images become one number a filter."""

    formula = "gap"

    def __init__(self) -> None:
        super().__init__(1)

    def _output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise UsageError(f"gap needs images but gets {input_shape[0]} numbers: drop it")
        self.window = Window((input_shape[0], input_shape[1]))
        return (input_shape[2],)

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Take the mean of every channel: ``(n, channels)``."""
        out = self._room(inputs, out)
        super().forward(inputs, training=training, out=out[:, None, None])
        return out

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Spread each gradient over its channel."""
        return super().backward(grad_outputs[:, None, None], out=out)
