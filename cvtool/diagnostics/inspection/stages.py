"""The convolutions of a network, each with what is done to its numbers right behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cvtool.layers.activations import Activation, PReLU, ReLU
from cvtool.layers.base import Layer
from cvtool.layers.batch_norm import BatchNorm
from cvtool.layers.chain import Chain
from cvtool.layers.convolution import Convolution
from cvtool.layers.dropout import Dropout
from cvtool.layers.residual import Residual
from cvtool.models.network import Network
from cvtool.models.receptive_field import ReceptiveField, receptive_fields


@dataclass(frozen=True)
class Stage:
    """A convolution up to its nonlinearity, if one follows it.

    Parameters
    ----------
    convolution
        Its filters give the stage its channels.
    before
        The last layer before the nonlinearity: the convolution, or the batch norm behind it, which
        may turn the sign of a filter's answer. This is what gradient ascent raises.
    end
        The nonlinearity, or the same: its outputs are the activations of the filters.
    field
        What a number of it sees of the image.
    """

    convolution: Convolution
    before: Layer
    end: Layer
    field: ReceptiveField

    @property
    def name(self) -> str:
        """The name of the convolution, as ``conv1`` or ``res1/conv2``."""
        return self.convolution.name

    @property
    def file_name(self) -> str:
        """The name, without what separates folders."""
        return self.name.replace("/", "-")

    @property
    def filters(self) -> int:
        """How many filters it has."""
        return self.convolution.filters

    @property
    def is_rectified(self) -> bool:
        """Whether a filter can be zero for every image, that is dead."""
        return isinstance(self.end, ReLU)


def stages(network: Network) -> tuple[Stage, ...]:
    """List the convolutions of a network, first to last, with those inside residual blocks."""
    fields = receptive_fields(network.chain.layers, network.input_shape)
    return tuple(
        _stage(chain.layers[place:], fields[layer])
        for chain in _chains(network.chain)
        for place, layer in enumerate(chain.layers)
        if isinstance(layer, Convolution)
    )


def _chains(chain: Chain) -> Iterator[Chain]:
    """Yield the parts of a chain between its blocks, and the ways through them, in their order."""
    start = 0
    for place, layer in enumerate(chain.layers):
        if isinstance(layer, Residual):
            yield Chain(chain.layers[start:place])
            yield from _chains(layer.branch)
            yield from _chains(layer.shortcut)
            start = place + 1
    yield Chain(chain.layers[start:])


def _stage(layers: tuple[Layer, ...], field: ReceptiveField) -> Stage:
    convolution, *behind = layers
    assert isinstance(convolution, Convolution)
    behind = [layer for layer in behind if not isinstance(layer, Dropout)]  # idle at inference
    before: Layer = convolution
    if behind and isinstance(behind[0], BatchNorm):
        before = behind.pop(0)
    is_nonlinear = bool(behind) and isinstance(behind[0], Activation | PReLU)
    return Stage(convolution, before, behind[0] if is_nonlinear else before, field)
