"""Images that stay inside a border of zeros from step to step.

Only the inside is ever written, so the border is cleared once. Whoever produces the images may be
handed the inside to write into; images that come from elsewhere are copied.
"""

from numpy.typing import DTypeLike

from cvtool.kernels.elementwise import copy
from cvtool.kernels.memory import Bordered
from cvtool.layers.base import Array, Shape


class BorderedBuffer:
    """One bordered array, grown to the largest batch ever taken from it."""

    def __init__(self, border: int) -> None:
        self.border = border
        self._kept: Bordered | None = None

    def take(self, count: int, shape: Shape, dtype: DTypeLike) -> Bordered:
        """Return room for ``count`` images of ``shape``, with whatever the inside holds."""
        kept = self._kept
        if kept is None or kept.whole.dtype != dtype or len(kept.whole) < count:
            kept = self._kept = Bordered.zeros((count, *shape), self.border, dtype)
        return kept.first(count)

    def around(self, images: Array) -> Bordered:
        """Return the images inside their border, copied unless they were written there."""
        bordered = self.take(len(images), images.shape[1:], images.dtype)
        if not _same_memory(images, bordered.inside):
            copy(images, bordered.inside)
        return bordered


def _same_memory(one: Array, other: Array) -> bool:
    return (
        one.__array_interface__["data"] == other.__array_interface__["data"]
        and one.strides == other.strides
    )
