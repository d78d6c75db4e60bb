"""Random numbers for a block of images: even between bounds, and things that happen or do not."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.embedded.turning import direction

Array = NDArray[np.float64]


class Draws:
    """Draws for ``count`` images at a time, as many whatever the knobs say."""

    def __init__(self, random: np.random.Generator, count: int) -> None:
        self._random = random
        self._count = count

    def between(self, low: float, high: float, *shape: int) -> Array:
        """Draw ``(count, *shape)`` numbers."""
        return low + (high - low) * self._random.random((self._count, *shape))

    def directions(self, *shape: int) -> Array:
        """Draw ``(count, *shape, 2)`` unit vectors."""
        return direction(self.between(0, 1, *shape))

    def happens(self, probability: float, *shape: int) -> NDArray[np.bool_]:
        """Draw what is true with a probability, and stays true with any higher one."""
        return self._random.random((self._count, *shape)) < probability

    def colors(self, *shape: int) -> Array:
        """Draw ``(count, *shape, 3)`` colors of any hue, from gray to vivid, dark to bright."""
        hue, saturation, value = (
            self.between(low, high, *shape) for low, high in ((0, 1), (0.1, 0.8), (0.15, 1))
        )
        return from_hue(hue, saturation, value)


def from_hue(hue: Array, saturation: Array, value: Array) -> Array:
    """Turn hue (in turns), saturation and value into ``(…, 3)`` red, green and blue."""
    turns = (hue[..., np.newaxis] + [0, 2 / 3, 1 / 3]) % 1
    vivid = np.clip(abs(6 * turns - 3) - 1, 0, 1)
    mixed: Array = value[..., np.newaxis] * (1 + saturation[..., np.newaxis] * (vivid - 1))
    return mixed


def mix(one: Any, other: Any, share: Array) -> Array:
    """Mix colors ``(…, 3)``; ``share`` is that of the other."""
    mixed: Array = one + share[..., np.newaxis] * (other - one)
    return mixed
