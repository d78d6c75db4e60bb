"""How a network does on images it does not learn from."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batches, batch_order
from cvtool.layers.base import Array
from cvtool.losses.softmax import probabilities
from cvtool.models.network import Network
from cvtool.records import WorkRecord, finish


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores ``(n, classes)`` of a whole set of images, beside their labels ``(n,)``."""

    scores: Array
    labels: NDArray[np.int64]
    loss: float

    @property
    def predictions(self) -> NDArray[np.int64]:
        """The class with the highest score; of equal ones the first."""
        return np.asarray(self.scores.argmax(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """On which images the highest score is that of their class, ``(n,)``."""
        return np.asarray(self.predictions == self.labels)

    @property
    def accuracy(self) -> float:
        """Share of images whose highest score is that of their class."""
        return float(self.right.mean())

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Softmax of the scores, ``(n, classes)``; of an SVM's scores only a ranking."""
        return probabilities(self.scores)

    def confusion(self, classes: int) -> NDArray[np.int64]:
        """Count images of class ``i`` that were given class ``j``, ``(classes, classes)``."""
        pairs = self.labels * classes + self.predictions
        return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def score(network: Network, batcher: Batches, batch_size: int) -> Scored:
    """Score all images of a batcher, in order and without augmentation."""
    return finish(scoring(network, batcher, batch_size))


def scoring(
    network: Network, batcher: Batches, batch_size: int
) -> Generator[WorkRecord, None, Scored]:
    """Score all images as ``score`` does, and tell after every batch how far it is."""
    scores, labels, done = [], [], 0
    for positions in batch_order(len(batcher.subset), batch_size):
        room = network.room(len(positions))
        labels.append(batcher.fill(positions, room))
        scores.append(network.scores(room).copy())
        done += len(positions)
        yield WorkRecord("looking at image", done, len(batcher.subset))
    everything, classes = np.concatenate(scores), np.concatenate(labels)
    loss, _ = network.loss_function(everything, classes)
    return Scored(everything, classes, loss)
