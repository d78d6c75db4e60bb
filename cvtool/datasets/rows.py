"""Images as rows of numbers, between which distances are measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Indices
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.errors import DataError


@dataclass(frozen=True, eq=False)
class Rows:
    """Images of a subset, a row each; nothing is copied before it is asked for.

    Bytes that nothing is to be done to stay bytes, whose distances are exact whole numbers; all
    else becomes float32. Without a ``batcher`` images are taken as they are stored.
    """

    subset: Subset
    batcher: Batcher | None

    @classmethod
    def of(cls, subset: Subset, preprocessing: Preprocessing) -> Self:
        """See images through a fitted preprocessing."""
        untouched = "none" in preprocessing.kind and subset.examples.images.dtype == np.uint8
        return cls(subset, None if untouched else Batcher(subset, preprocessing))

    def __len__(self) -> int:
        return len(self.subset)

    @property
    def labels(self) -> NDArray[np.int64]:
        """``(len,)`` the class of each row."""
        return self.subset.labels

    @property
    def numbers(self) -> int:
        """How many numbers a row has."""
        return prod(self.subset.examples.images.shape[1:])

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return self.numbers * (self.subset.examples.images.itemsize if self.batcher is None else 4)

    def at(self, positions: Indices) -> NDArray[Any]:
        """Make the rows at positions within the subset, ``(len(positions), numbers)``.

        Raises
        ------
        DataError
            If a number is, or becomes, too large for float32.
        """
        if self.batcher is None:
            return self.subset.images_at(positions).reshape(len(positions), self.numbers)
        room = np.empty((len(positions), *self.batcher.shape), np.float32)
        self.batcher.fill(positions, room)
        if not np.isfinite(room).all():
            raise DataError(
                "images hold numbers that are too large, once preprocessed, to measure distances "
                "between them: bring them to a range of 0 to 1"
            )
        return room.reshape(len(positions), self.numbers)

    def chunks(self, count: int) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yield a first position and ``count`` rows from there on, to the last, in their order."""
        for start in range(0, len(self), count):
            yield start, self.at(np.arange(start, min(start + count, len(self))))
