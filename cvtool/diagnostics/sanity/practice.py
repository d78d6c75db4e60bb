"""A few steps of training, to see what a set-up does."""

from dataclasses import dataclass
from itertools import count

import numpy as np

from cvtool.datasets.batches import Batches, batch_order
from cvtool.diagnostics.sanity.setup import Labels, Setup
from cvtool.layers.base import Array
from cvtool.models.network import Network
from cvtool.training.optimizers import optimizer_of
from cvtool.training.updating import update


class Practice:
    """A network that learns by the procedure of a set-up, one batch at a time."""

    def __init__(self, setup: Setup, network: Network) -> None:
        self.setup, self.network = setup, network
        self._optimizer = optimizer_of(setup.config)
        self._steps = count()

    @np.errstate(over="ignore", invalid="ignore")  # a rate that is too large is to be seen
    def step(self, images: Array, labels: Labels, rate: float) -> tuple[float, Array]:
        """Learn from one batch; return the loss of its data, and its scores."""
        setup, network = self.setup, self.network
        network.reseed(next(self._steps))
        loss, scores = setup.procedure.learn(network, images, labels)
        update(network.parameters, self._optimizer, setup.config, rate, setup.procedure.penalize)
        return loss, scores

    def run(self, batcher: Batches, steps: int, *, blank: bool = False) -> None:
        """Learn from batches in the order of the set-up; ``blank`` makes all inputs zero."""
        config, done, epoch = self.setup.config, 0, 1
        while done < steps:
            order = self.setup.procedure.order(
                len(batcher.subset), config.batch_size, config.seed, epoch
            )
            for positions in order[: steps - done]:
                images = self.network.room(len(positions))
                labels = batcher.fill(positions, images)
                if blank:
                    images[...] = 0
                self.step(images, labels, config.learning_rate)
            done, epoch = done + len(order), epoch + 1


@dataclass(frozen=True)
class Seen:
    """How many of the images looked at were told right, and how large the classes are."""

    right: int
    total: int
    largest: float

    @property
    def accuracy(self) -> float:
        """Share told right."""
        return self.right / self.total


LOOKED_AT = 2000
"""Validation images that are enough to see whether something was learned."""


def look(setup: Setup, network: Network, batcher: Batches, *, blank: bool = False) -> Seen:
    """Count what the network tells right of images it did not learn from."""
    right, seen, config = 0, [], setup.config
    total = len(batcher.subset)
    some = np.arange(0, total, -(-total // LOOKED_AT), dtype=np.int64)
    for order in batch_order(len(some), config.batch_size):
        images = network.room(len(order))
        labels = batcher.fill(some[order], images)
        if blank:
            images[...] = 0
        right += int((setup.procedure.infer(network, images).argmax(axis=1) == labels).sum())
        seen.append(labels)
    counts = np.unique(np.concatenate(seen), return_counts=True)[1]
    return Seen(right, len(some), float(counts.max() / len(some)))
