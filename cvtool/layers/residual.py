"""The residual block (He et al., 2016) with stochastic depth (Huang et al., 2016; §3.2)."""

from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from cvtool.errors import UsageError
from cvtool.kernels.addition import add
from cvtool.kernels.elementwise import copy, relu
from cvtool.layers.base import Array, Layer, Parameter, Shape
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.buffers import Buffer
from cvtool.layers.chain import Chain
from cvtool.layers.convolution import Convolution


class Residual(Layer):
    """``branch(x) + x``: the branch learns only what is to be added.

    Where the branch changes the shape, ``x`` is brought to it by a 1×1 convolution, with batch norm
    where the branch has it.

    Parameters
    ----------
    branch
        The layers of the branch.
    survival
        Probability that a training step uses the branch at all. At inference the branch is always
        used, scaled by this.

    Attributes
    ----------
    rectifies
        The ReLU that follows is computed along.
    """

    rectifies = False

    def __init__(self, branch: Sequence[Layer], survival: float = 1.0) -> None:
        if not 0 < survival <= 1:
            raise UsageError(
                f"res takes a survival probability above 0 and at most 1, not {survival:g}: "
                "write res0.8(…)"
            )
        self.branch = Chain(branch)
        self.survival = survival
        self.shortcut = Chain(())
        self._alive, self._share = True, 1.0
        self._outputs, self._grad_inputs, self._grad_branch = Buffer(), Buffer(), Buffer()

    @property
    def formula(self) -> str:
        """Write ``res(…)``, with the survival probability before the parenthesis."""
        share = "" if self.survival == 1 else f"{self.survival:g}"
        return f"res{share}({self.branch.formula})"

    def bind(self, input_shape: Shape) -> Shape:
        """Bind the branch, and make the shortcut that its output shape needs."""
        self.input_shape = input_shape
        self.branch.name = self.name
        self.output_shape = self.branch.bind(input_shape)
        self.shortcut = Chain(self._shortcut_layers())
        self.shortcut.name = f"{self.name}/shortcut"
        if self.shortcut.bind(input_shape) != self.output_shape:
            sizes = ["×".join(map(str, shape)) for shape in (input_shape, self.output_shape)]
            raise UsageError(
                f"{self.formula} turns {sizes[0]} into {sizes[1]}, which no 1×1 convolution does: "
                "keep the size, or shrink it evenly by strides with 'same' padding"
            )
        return self.output_shape

    def _shortcut_layers(self) -> tuple[Layer, ...]:
        if self.input_shape == self.output_shape or len(self.output_shape) != 3:
            return ()
        stride = -(-self.input_shape[0] // self.output_shape[0])
        projection = Convolution(self.output_shape[2], (1, 1), stride, 0)
        normalized = any(isinstance(layer, BatchNorm) for layer in self.branch.layers)
        return (projection, BatchNorm()) if normalized else (projection,)

    @property
    def _chains(self) -> tuple[Chain, Chain]:
        return self.branch, self.shortcut

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """List those of the branch, then those of the shortcut."""
        return self.branch.parameters + self.shortcut.parameters

    @property
    def state(self) -> dict[str, Array]:
        """Join the states of branch and shortcut."""
        return self.branch.state | self.shortcut.state

    def parameter_count(self) -> int:
        """Add up branch and shortcut."""
        return sum(chain.parameter_count() for chain in self._chains)

    def multiply_adds(self) -> int:
        """Add up branch and shortcut."""
        return sum(chain.multiply_adds() for chain in self._chains)

    def reseed(self, random: Callable[[str], np.random.Generator]) -> None:
        """Decide whether the branch survives the next step."""
        if self.survival < 1:
            self._alive = bool(random(self.name).random() < self.survival)
        for chain in self._chains:
            chain.reseed(random)

    def place(self, count: int) -> Array | None:
        """Offer the memory of the branch."""
        return self.branch.place(count)

    def forward(self, inputs: Array, *, training: bool = False, out: Array | None = None) -> Array:
        """Add the branch's outputs to the inputs."""
        if out is None:
            out = self._outputs.take((len(inputs), *self.output_shape), inputs.dtype)
        passed = self.shortcut.forward(inputs, training=training)
        self._share = float(self._alive) if training else self.survival
        if not self._share:
            (relu if self.rectifies else copy)(passed, out)
            return out
        branch = self.branch.forward(inputs, training=training)
        return add(branch, passed, share=self._share, rectify=self.rectifies, out=out)

    def backward(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Pass the gradient through both ways and add."""
        if not self._share:
            for parameter in self.branch.parameters:
                parameter.gradient[...] = 0
        return self._backward(grad_outputs, out, self.branch.backward, self.shortcut.backward)

    def backward_inputs(self, grad_outputs: Array, *, out: Array | None = None) -> Array:
        """Pass the gradient through both ways and add, and leave those of the parameters out."""
        ways = self.branch.backward_inputs, self.shortcut.backward_inputs
        return self._backward(grad_outputs, out, *ways)

    def _backward(
        self,
        grad_outputs: Array,
        out: Array | None,
        through_branch: Callable[[Array], Array],
        through_shortcut: Callable[[Array], Array],
    ) -> Array:
        if out is None:
            out = self._grad_inputs.take((len(grad_outputs), *self.input_shape), grad_outputs.dtype)
        if not self._share:
            out[...] = through_shortcut(grad_outputs)
            return out
        # The branch gets a copy, because layers may work on a gradient in place.
        own = self._grad_branch.like(grad_outputs)
        if self._share == 1:
            copy(grad_outputs, own)
        else:
            np.multiply(grad_outputs, own.dtype.type(self._share), out=own)
        branch = through_branch(own)
        return add(branch, through_shortcut(grad_outputs), out=out)

    def walk(self) -> Iterator[Layer]:
        """Yield the block and all layers inside it."""
        yield self
        for chain in self._chains:
            yield from chain.walk()

    def trace(self, inputs: Array) -> Generator[tuple[Layer, Array], None, Array]:
        """Pass inputs through both ways and show what each layer makes of them, then the sum."""
        out = self._outputs.take((len(inputs), *self.output_shape), inputs.dtype)
        passed = yield from self.shortcut.trace(inputs)
        branch = yield from self.branch.trace(inputs)
        self._share = self.survival
        outputs = add(branch, passed, share=self._share, rectify=self.rectifies, out=out)
        yield self, outputs
        return outputs

    def way_to(self, layer: Layer) -> tuple[Layer, ...]:
        """List the block alone, or the layers of the one way that leads to a layer inside."""
        inner = (chain.way_to(layer) for chain in self._chains)
        return (self,) if layer is self else next(filter(None, inner), ())
