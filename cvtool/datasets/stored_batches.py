"""Batches of images as they are stored, for a network that preprocesses on its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.split import Subset
from cvtool.kernels.gathering import gather


class StoredBatcher:
    """Copies images of a subset to a batch, with nothing done to them."""

    augments = False

    def __init__(self, subset: Subset) -> None:
        self.subset = subset
        self.shape: tuple[int, int, int] = subset.examples.images.shape[1:]

    def fill(
        self,
        positions: Indices,
        out: NDArray[Any],
        random: np.random.Generator | None = None,  # noqa: ARG002  (nothing is drawn here)
    ) -> NDArray[np.int64]:
        """Write the images at positions of the subset into ``out`` and return their labels.

        Parameters
        ----------
        positions
            ``(batch,)``, as from ``batch_order``.
        out
            ``(batch, height, width, channels)`` of the type the images are stored in.
        """
        indices = self.subset.indices[positions]
        images, places = self.subset.examples.pick(indices)
        gather(images, places, out)
        return self.subset.examples.labels[indices]
