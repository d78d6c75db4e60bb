"""Batches that something happens to on their way to the network."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batches
from cvtool.datasets.dataset import Indices


class Corrupted:
    """Fills as other batches do, and then changes what was filled."""

    def __init__(
        self, inner: Batches, change: Callable[[NDArray[Any], NDArray[np.int64]], None]
    ) -> None:
        self._inner, self._change = inner, change
        self.subset, self.augments = inner.subset, inner.augments

    def fill(
        self, positions: Indices, out: NDArray[Any], random: np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Write images as the inner batches do, changed, and return their labels."""
        labels = self._inner.fill(positions, out, random)
        self._change(out, labels)
        return labels
