"""Layers with their arrays as channels-first libraries keep them.

Ours are channels last: images ``(height, width, channels)``, filters ``(height, width, in, out)``,
weights ``(in, out)``. Theirs are ``(channels, height, width)``, ``(out, in, height, width)`` and
``(out, in)``. A flatten therefore puts the numbers of an image in another order: what comes behind
it, up to the rows of the next fully-connected layer, is brought into that order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.layers.activations import Activation, PReLU
from cvtool.layers.base import Array, Layer, Shape
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.convolution import Convolution
from cvtool.layers.dropout import Dropout
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.residual import Residual
from cvtool.layers.scaled_pixels import ScaledPixels

Order = NDArray[np.int64] | None
"""Our position of each of their numbers in a row; None where they are the same."""


@dataclass(frozen=True, eq=False)
class Step:
    """One layer, and its arrays by the names that PyTorch has for them.

    Parameters
    ----------
    layer
        Bound, and trained.
    arrays
        In the shape and order of channels-first libraries.
    channels_last
        Of a flatten, whether the channels of a pixel are to stay together, as ours do.
    branch, shortcut
        The steps inside a residual block.
    """

    layer: Layer
    arrays: Mapping[str, Array] = field(default_factory=dict)
    channels_last: bool = False
    branch: tuple["Step", ...] = ()
    shortcut: tuple["Step", ...] = ()

    @property
    def name(self) -> str:
        """Ours, as ``res1/conv1``."""
        return self.layer.name

    @property
    def attribute(self) -> str:
        """What it is called inside its block, as ``leaky_relu1``."""
        return self.layer.name.rpartition("/")[2].replace("-", "_")


def channels_first(layers: Sequence[Layer]) -> tuple[Step, ...]:
    """Bring trained layers, first to last, into the order of channels-first libraries."""
    steps = []
    order: Order = None
    flattened = tuple(_with_flatten(layers))
    for index, layer in enumerate(flattened):
        if isinstance(layer, Residual):
            ways = (channels_first(way.layers) for way in (layer.branch, layer.shortcut))
            steps.append(Step(layer, {}, False, *ways))
        elif isinstance(layer, Flatten) and len(layer.input_shape) == 3:
            order = _order(layer.input_shape)
            stays = order is not None and not _carried(flattened[index + 1 :])
            order = None if stays else order
            steps.append(Step(layer, channels_last=stays))
        else:
            arrays = ARRAYS[type(layer)](layer, order) if layer.parameters else {}
            steps.append(Step(layer, arrays))
            order = None if isinstance(layer, FullyConnected) else order
    return tuple(steps)


def _with_flatten(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Put a flatten before the layer that reads stored images as rows by itself."""
    for layer in layers:
        if isinstance(layer, ScaledPixels):
            flatten = Flatten()
            flatten.name = "flatten1"
            flatten.bind(layer.input_shape)
            yield flatten
        yield layer


def _order(shape: Shape) -> Order:
    ours = np.arange(prod(shape)).reshape(shape)
    theirs = ours.transpose(2, 0, 1).ravel()
    return None if np.array_equal(theirs, ours.ravel()) else theirs


def _carried(behind: Sequence[Layer]) -> bool:
    """Whether all layers up to the next fully-connected one treat each number by itself."""
    for layer in behind:
        if isinstance(layer, FullyConnected):
            return True
        if not isinstance(layer, Activation | PReLU | BatchNorm | Dropout | Flatten):
            return False
    return False


def _ordered(values: Array, order: Order) -> Array:
    return values if order is None else values[order]


def _convolution(layer: Layer, _: Order) -> dict[str, Array]:
    weights, bias = (parameter.values for parameter in layer.parameters)
    return {"weight": weights.transpose(3, 2, 0, 1), "bias": bias}


def _fully_connected(layer: Layer, order: Order) -> dict[str, Array]:
    weights, bias = (parameter.values for parameter in layer.parameters)
    return {"weight": _ordered(weights, order).T, "bias": bias}


def _batch_norm(layer: Layer, order: Order) -> dict[str, Array]:
    gamma, beta = (parameter.values for parameter in layer.parameters)
    running = (values.astype(gamma.dtype) for values in layer.state.values())
    names = ("weight", "bias", "running_mean", "running_var")
    arrays = (_ordered(values, order) for values in (gamma, beta, *running))
    return dict(zip(names, arrays, strict=True))


def _slopes(layer: Layer, order: Order) -> dict[str, Array]:
    (slopes,) = layer.parameters
    return {"weight": _ordered(slopes.values, order)}


ARRAYS: Mapping[type[Any], Callable[[Layer, Order], dict[str, Array]]] = {
    Convolution: _convolution,
    FullyConnected: _fully_connected,
    ScaledPixels: _fully_connected,
    BatchNorm: _batch_norm,
    PReLU: _slopes,
}
"""All layers that learn."""
