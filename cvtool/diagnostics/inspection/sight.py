"""A network behind its preprocessing: stored images go in, gradients come back to their pixels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batches
from cvtool.datasets.dataset import Examples
from cvtool.datasets.moments import Floats, full_range
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset, whole
from cvtool.layers.base import Array
from cvtool.losses.softmax import probabilities
from cvtool.models.network import Network


@dataclass(frozen=True, eq=False)
class Sight:
    """What there is between an image as it is stored and its scores.

    Parameters
    ----------
    network, preprocessing
        As they were trained.
    batches
        Batches a subset as the network expects it.
    batch_size
        Images to look at together.
    """

    network: Network
    preprocessing: Preprocessing
    batches: Callable[[Subset], Batches]
    batch_size: int

    def seen(self, images: NDArray[Any]) -> Array:
        """Write stored images where the network reads; good until the next time."""
        batcher = self.batches(whole(Examples(images, np.zeros(len(images), np.int64))))
        room = self.network.room(len(images))
        batcher.fill(np.arange(len(images)), room)
        return room

    def probabilities(self, images: NDArray[Any]) -> NDArray[np.float64]:
        """Return the share of every class for each stored image, ``(n, classes)``."""
        pieces = range(0, len(images), self.batch_size)
        return np.concatenate(
            [
                probabilities(self.network.scores(self.seen(images[at : at + self.batch_size])))
                for at in pieces
            ]
        )

    def pixel_gradients(self, seen: Array, classes: NDArray[np.int64]) -> Floats:
        """Return how the score of a class changes with each pixel, for pixels in [0, 1].

        Parameters
        ----------
        seen
            Images as the network sees them, no more than a batch.
        classes
            ``(n,)``: whose score it is, for each image.
        """
        scores = self.network.scores(seen)
        wanted = np.zeros_like(scores)
        wanted[np.arange(len(classes)), classes] = 1
        gradients = self.network.chain.backward_inputs(wanted)
        if self.network.reads_stored_pixels:
            return gradients.astype(np.float64) * full_range(seen)
        return self.preprocessing.pull_back(gradients)
