"""A network: a chain of layers that turns images into one score a class, and its loss."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import DTypeLike

from cvtool.errors import DataError
from cvtool.layers.activations import Activation, PReLU
from cvtool.layers.base import Array, Layer, Parameter, Shape
from cvtool.layers.buffers import Buffer
from cvtool.layers.chain import Chain
from cvtool.layers.convolution import Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.initialization import INITIALIZERS, initializer_for
from cvtool.layers.maxout import Maxout
from cvtool.layers.residual import Residual
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.losses.registry import make_loss
from cvtool.losses.svm import MARGIN
from cvtool.models.architecture import Formula
from cvtool.seeds import stream

# A network that diverges overflows on its way; its loss says so, once and in words.
_overflowing = np.errstate(over="ignore", invalid="ignore")


class Network:
    """Layers bound to a shape of images, with parameters drawn from a seed.

    Parameters
    ----------
    formula
        The layers, not yet bound, and the name of the loss.
    input_shape
        ``(height, width, channels)`` of one image.
    seed
        Every layer draws its weights from its own stream of this seed.
    init
        An initialization by name, or ``auto`` to follow the activation behind each layer (§6.3).
    dtype
        float32 or float64.
    margin
        That of the SVM losses; the others have none.

    Raises
    ------
    UsageError
        If a layer does not fit the one before it.
    """

    def __init__(
        self,
        formula: Formula,
        input_shape: Shape,
        *,
        seed: int,
        init: str,
        dtype: DTypeLike,
        margin: float = MARGIN,
    ) -> None:
        self.formula = formula.text
        self.loss = formula.loss
        self.loss_function = make_loss(formula.loss, margin)
        self.dtype = np.dtype(dtype)
        self.chain = Chain(formula.layers)
        self.input_shape = input_shape
        self.chain.bind(input_shape)
        self._seed = seed
        self._images = Buffer()
        for layer, activation in _with_activations(self.chain):
            initializer = INITIALIZERS[initializer_for(activation) if init == "auto" else init]
            layer.initialize(initializer, stream(seed, "weights", layer.name), self.dtype)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All that is learned, first layer to last."""
        return self.chain.parameters

    @property
    def reads_stored_pixels(self) -> bool:
        """Whether it takes images as they are stored, and preprocesses them itself."""
        return isinstance(self.chain.layers[0], ScaledPixels)

    @property
    def only_ranks(self) -> bool:
        """Whether its scores are those of an SVM, whose softmax is no probability."""
        return self.loss != "softmax"

    def room(self, count: int) -> Array:
        """Return memory to write a batch of ``count`` images into, where the first layer reads."""
        place = self.chain.place(count)
        return (
            place
            if place is not None
            else self._images.take((count, *self.input_shape), self.dtype)
        )

    def reseed(self, step: int) -> None:
        """Give dropout and its like their random numbers for one training step of the run."""
        self.chain.reseed(lambda name: stream(self._seed, "noise", name, step))

    @_overflowing
    def scores(self, images: Array) -> Array:
        """Score images ``(n, height, width, channels)``: ``(n, classes)``, good until next time."""
        return self.chain.forward(images)

    @_overflowing
    def judge(self, images: Array, labels: Array) -> tuple[float, Array]:
        """Return the loss on a batch and the scores, and learn nothing from them."""
        scores = self.chain.forward(images)
        loss, _ = self.loss_function(scores, labels)
        return loss, scores

    @_overflowing
    def learn(self, images: Array, labels: Array) -> tuple[float, Array]:
        """Set all gradients of the loss on a batch; return the loss and the scores.

        The loss is that of the data alone; a penalty on weights comes on top elsewhere.
        """
        scores = self.chain.forward(images, training=True)
        loss, grad_scores = self.loss_function(scores, labels)
        self.chain.backward_parameters(grad_scores)
        return loss, scores

    def outputs(self, images: Array) -> Iterator[tuple[Layer, Array]]:
        """Yield every layer of the chain with its outputs at inference."""
        return self.chain.outputs(images)

    def arrays(self) -> dict[str, Array]:
        """Name all arrays that make the network what it is: parameters and running statistics."""
        learned = {parameter.name: parameter.values for parameter in self.parameters}
        return learned | self.chain.state

    def restore(self, arrays: dict[str, Array], *, source: str) -> None:
        """Take over arrays as ``arrays`` named them.

        Raises
        ------
        DataError
            If one is missing or has another shape, which means another network.
        """
        for name, own in self.arrays().items():
            saved = arrays.get(name)
            if saved is None or saved.shape != own.shape:
                found = "is missing" if saved is None else f"is {saved.shape}"
                raise DataError(
                    f"{source} does not hold this network: {name} should be {own.shape} "
                    f"but {found}; use the run's own config.toml"
                )
            own[...] = saved

    def checksum(self) -> str:
        """Digest all arrays: equal checksums are equal bits."""
        return checksum(self.arrays())


def checksum(arrays: Mapping[str, Array]) -> str:
    """Digest arrays by their names, in their order, in 32 hexadecimal digits (BLAKE2b)."""
    digest = blake2b(digest_size=16)
    for name, array in arrays.items():
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _with_activations(
    layers: Chain, following: tuple[Layer, ...] = ()
) -> Iterator[tuple[Layer, str]]:
    """Yield every layer with the name of the nonlinearity that its outputs meet, or ``none``.

    Both ways through a residual block meet what follows the block.
    """
    for index, layer in enumerate(layers.layers):
        behind = (*layers.layers[index + 1 :], *following)
        if isinstance(layer, Residual):
            yield from _with_activations(layer.branch, behind)
            yield from _with_activations(layer.shortcut, behind)
        else:
            yield layer, _activation(behind)


def _activation(behind: tuple[Layer, ...]) -> str:
    for layer in chain.from_iterable(each.walk() for each in behind):
        if isinstance(layer, Activation | PReLU | Maxout):
            return layer.formula
        if isinstance(layer, Convolution | FullyConnected):
            break
    return "none"
