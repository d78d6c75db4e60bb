"""Signs of trouble inside a network, measured once an epoch (§6.1, §6.6)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batches, batch_order
from cvtool.kernels.sums import sum_of_squares
from cvtool.layers.activations import ReLU, Sigmoid, Tanh
from cvtool.layers.base import Array, Layer, Parameter
from cvtool.models.network import Network
from cvtool.records import LayerHealth

_IMAGES = 512
"""Images looked at: enough that a unit silent for all of them is dead for practical purposes."""

_RANGES: dict[type[Layer], tuple[float, float]] = {Sigmoid: (0.0, 1.0), Tanh: (-1.0, 1.0)}
_END = 0.025
"""Share of the range at each end that counts as saturated; the slope there is below a tenth."""


class UpdateRatios:
    """Compares weights before and after one step: the update should be about 10⁻³ of them."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        self._weights = [parameter for parameter in parameters if parameter.regularized]
        self._before = [weights.values.copy() for weights in self._weights]

    @np.errstate(over="ignore", invalid="ignore")  # weights that diverge are found by the loss
    def measure(self) -> dict[str, float]:
        """Return norm of the update over norm of the weights, for every layer with weights."""
        ratios = {}
        for weights, before in zip(self._weights, self._before, strict=True):
            norm = np.sqrt(sum_of_squares(before))
            update = np.sqrt(sum_of_squares(weights.values - before))
            if norm > 0:
                ratios[weights.name.rpartition("/")[0]] = float(update / norm)
        return ratios


def examine(
    network: Network, batcher: Batches, batch_size: int, ratios: Mapping[str, float]
) -> tuple[LayerHealth, ...]:
    """Look at the activations of validation images, and put update ratios beside them."""
    alive: dict[str, NDArray[np.bool_]] = {}
    saturated: dict[str, list[float]] = {}
    for positions in batch_order(min(len(batcher.subset), _IMAGES), batch_size):
        room = network.room(len(positions))
        batcher.fill(positions, room)
        for layer, outputs in network.outputs(room):
            if isinstance(layer, ReLU):
                fired = np.asarray((outputs > 0).any(axis=tuple(range(outputs.ndim - 1))))
                alive[layer.name] = alive.get(layer.name, fired) | fired
            elif (share := saturation(layer, outputs)) is not None:
                saturated.setdefault(layer.name, []).append(share)
    return (
        *(LayerHealth(name, update_ratio=ratio) for name, ratio in ratios.items()),
        *(LayerHealth(name, dead=float(1 - fired.mean())) for name, fired in alive.items()),
        *(
            LayerHealth(name, saturated=float(np.mean(shares)))
            for name, shares in saturated.items()
        ),
    )


def saturation(layer: Layer, outputs: Array) -> float | None:
    """Return the share of outputs at the ends of a sigmoid's or tanh's range (notes §6.1.1)."""
    if type(layer) not in _RANGES:
        return None
    low, high = _RANGES[type(layer)]
    margin = _END * (high - low)
    return float(((outputs < low + margin) | (outputs > high - margin)).mean())
