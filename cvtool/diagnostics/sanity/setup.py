"""What is checked: data, network and procedure of a training run, as values and callables."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import TrainConfig
from cvtool.datasets.batches import Batches, batch_order
from cvtool.datasets.dataset import Indices
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Split, Subset
from cvtool.layers.base import Array
from cvtool.layers.dropout import Dropout
from cvtool.layers.residual import Residual
from cvtool.models.network import Network
from cvtool.training.updating import Penalize, penalize

Labels = NDArray[np.int64]


def _learn(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
    return network.learn(images, labels)


def _infer(network: Network, images: Array) -> Array:
    return network.scores(images)


@dataclass(frozen=True)
class Procedure:
    """The steps of learning; the self-test puts mistaken ones in their places.

    Parameters
    ----------
    learn
        ``(network, images, labels)`` to loss and scores, having set all gradients.
    infer
        ``(network, images)`` to scores.
    penalize
        ``(parameters, config)`` to λR(W), having added its gradient.
    order
        ``(count, batch_size, seed, epoch)`` to the positions of every batch of an epoch.
    """

    learn: Callable[[Network, Array, Labels], tuple[float, Array]] = _learn
    infer: Callable[[Network, Array], Array] = _infer
    penalize: Penalize = penalize
    order: Callable[[int, int, int, int], list[Indices]] = batch_order


@dataclass(frozen=True, eq=False)
class Setup:
    """A training run before it begins.

    Parameters
    ----------
    config
        What was chosen.
    classes
        Their names.
    split
        The images that the network is fed from.
    preprocessing
        As it was fitted.
    build
        Makes a network as it is before the first step.
    batches
        Batches images of a subset for a network, without augmentation.
    """

    config: TrainConfig
    classes: tuple[str, ...]
    split: Split
    preprocessing: Preprocessing
    build: Callable[[TrainConfig], Network]
    batches: Callable[[Subset], Batches]
    procedure: Procedure = field(default=Procedure())

    @property
    def train(self) -> Batches:
        """The training images, as the network gets them."""
        return self.batches(self.split.train)

    @property
    def validation(self) -> Batches:
        """The validation images, as the network gets them."""
        return self.batches(self.split.validation)

    def anew(self) -> Network:
        """Build the network as it is before the first step."""
        return self.build(self.config)

    def silent(self) -> Network:
        """Build the network without what is drawn anew at every step."""
        network = self.anew()
        for layer in network.chain.walk():
            if isinstance(layer, Dropout):
                layer.rate = 0.0
            elif isinstance(layer, Residual):
                layer.survival = 1.0
        return network

    def changed(self, **changes: Any) -> "Setup":
        """Return the same with other choices."""
        return replace(self, config=replace(self.config, **changes))

    def first_batch(self, most: int) -> tuple[Array, Labels]:
        """Copy images of all classes, in the order of the first epoch, with their labels."""
        batcher = self.train
        order = batch_order(len(batcher.subset), most, self.config.seed, 1)[0]
        return filled(batcher, order, self.anew())


def filled(batcher: Batches, positions: Indices, network: Network) -> tuple[Array, Labels]:
    """Copy the images at positions as the network gets them, with their labels."""
    images = np.empty((len(positions), *network.input_shape), network.dtype)
    labels = batcher.fill(positions, images)
    return images, labels
