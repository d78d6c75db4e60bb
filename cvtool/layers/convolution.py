"""Convolution (§5.1): filters slide over images and answer where they fit."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from cvtool.errors import UsageError
from cvtool.kernels import convolution as direct
from cvtool.kernels import im2col as explicit
from cvtool.kernels.windows import positions
from cvtool.layers.base import Array, Initializer, Layer, Parameter, Shape, Window
from cvtool.layers.borders import BorderedBuffer
from cvtool.layers.buffers import Buffer

METHODS: dict[str, Any] = {"direct": direct, "im2col": explicit}


class Convolution(Layer):
    """``filters`` windows of weights, each with a bias, slid over the images.

    Parameters
    ----------
    filters
        Number of filters, which is the number of output channels.
    size
        Rows and columns of a window.
    stride
        Pixels from one place of the window to the next, both ways.
    padding
        Rows and columns of zeros around the images; half a window if left out, so that stride 1
        keeps the size of the images.
    method
        ``direct`` reads windows where they lie; ``im2col`` writes the matrix of all windows down
        first, as lectures explain it. Both give the same results up to rounding.

    Attributes
    ----------
    rectifies
        The ReLU that follows is computed along: negative outputs become zero.
    masks
        The layer before is a ReLU, and its gradient is computed along: the gradient of the inputs
        is zero where the inputs are not positive.
    """

    rectifies = False
    masks = False

    def __init__(
        self,
        filters: int,
        size: tuple[int, int] = (3, 3),
        stride: int = 1,
        padding: int | None = None,
        method: str = "direct",
    ) -> None:
        self.filters = filters
        self.method = method
        same = (max(size) - 1) // 2
        self.window = Window(size, stride, same if padding is None else padding)
        self._parameters: tuple[Parameter, ...] = ()
        self._images = BorderedBuffer(self.window.padding)
        self._outputs, self._grad_inputs = Buffer(), Buffer()

    @property
    def formula(self) -> str:
        """Write ``conv3-32``, with stride ``/2`` and padding ``p0`` where they are not usual."""
        rows, columns = self.window.size
        size = str(rows) if rows == columns else f"{rows}x{columns}"
        stride = f"/{self.window.stride}" if self.window.stride != 1 else ""
        usual = self.window.padding == (max(self.window.size) - 1) // 2
        return f"conv{size}-{self.filters}{stride}" + ("" if usual else f"p{self.window.padding}")

    def _output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3:
            raise UsageError(
                f"{self.formula} needs images but gets {input_shape[0]} numbers: "
                "put convolutions before the first fully-connected layer"
            )
        height, width = (
            positions(length, size, self.window.stride, self.window.padding)
            for length, size in zip(input_shape[:2], self.window.size, strict=True)
        )
        if not (height and width):
            rows, columns = self.window.size
            raise UsageError(
                f"{self.formula} needs an input of at least "
                f"{rows - 2 * self.window.padding}×{columns - 2 * self.window.padding} "
                f"but gets {input_shape[0]}×{input_shape[1]}: "
                "use a smaller window, more padding, fewer pooling stages or larger images"
            )
        return (height, width, self.filters)

    def bind(self, input_shape: Shape) -> Shape:
        """Take the shape of one input image and return that of one output."""
        super().bind(input_shape)
        border = direct.gradient_border(
            (input_shape[0], input_shape[1]),
            self.window.size,
            self.window.stride,
            self.window.padding,
        )
        self._grads = BorderedBuffer(border)
        return self.output_shape

    def initialize(
        self, initializer: Initializer, random: np.random.Generator, dtype: DTypeLike
    ) -> None:
        """Draw the filters; biases start at zero."""
        shape = (*self.window.size, self.input_shape[2], self.filters)
        weights = initializer(shape, int(np.prod(shape[:3])), random).astype(dtype)
        self._parameters = (
            Parameter(f"{self.name}/weights", weights),
            Parameter(f"{self.name}/bias", np.zeros(self.filters, dtype), regularized=False),
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Filters ``(height, width, in, out)`` and biases ``(out,)``."""
        return self._parameters

    def parameter_count(self) -> int:
        """Count the filters' numbers and biases."""
        rows, columns = self.window.size
        return (rows * columns * self.input_shape[2] + 1) * self.filters

    def multiply_adds(self) -> int:
        """Count one multiplication for every number of every window of every filter."""
        return (self.parameter_count() - self.filters) * int(np.prod(self.output_shape[:2]))

    def place(self, count: int) -> Array | None:
        """Offer the inside of the zero-bordered images."""
        return self._images.take(count, self.input_shape, self._dtype).inside

    def place_gradient(self, count: int) -> Array | None:
        """Offer the inside of the zero-bordered gradient."""
        return self._grads.take(count, self.output_shape, self._dtype).inside

    @property
    def _dtype(self) -> np.dtype[np.floating]:
        return self._parameters[0].values.dtype

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Convolve images ``(n, height, width, channels)``."""
        del training  # what backward needs lies in the bordered images
        weights, bias = (parameter.values for parameter in self._parameters)
        if out is None:
            out = self._outputs.take((len(inputs), *self.output_shape), inputs.dtype)
        self._bordered = self._images.around(inputs)
        METHODS[self.method].convolve(
            self._bordered,
            weights,
            bias,
            stride=self.window.stride,
            rectify=self.rectifies,
            out=out,
        )
        return out

    def backward_parameters(self, grad_outputs: Array) -> None:
        """Set the gradients of filters and biases."""
        weights, bias = self._parameters
        self._bordered_grads = self._grads.around(grad_outputs)
        METHODS[self.method].convolve_grad_filters(
            self._bordered,
            self._bordered_grads,
            stride=self.window.stride,
            out=weights.gradient,
            bias=bias.gradient,
        )

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Set the parameters' gradients and return that of the images."""
        self.backward_parameters(grad_outputs)
        return self._backward_images(out)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Return the gradient of the images only."""
        self._bordered_grads = self._grads.around(grad_outputs)
        return self._backward_images(out)

    def _backward_images(self, out: Array | None) -> Array:
        images = self._bordered.inside
        if out is None:
            out = self._grad_inputs.like(images)
        METHODS[self.method].convolve_grad_images(
            self._bordered_grads,
            self._parameters[0].values,
            stride=self.window.stride,
            padding=self.window.padding,
            out=out,
            mask=images if self.masks else None,
        )
        return out
