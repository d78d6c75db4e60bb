"""Numbers laid over an image so that both can be seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FOR = np.array([(0, 0, 0), (170, 20, 60), (250, 110, 20), (255, 225, 90), (255, 255, 235)])
"""Colors of a ramp from nothing to the most: each is lighter than the one before."""

AGAINST = np.array([(0, 0, 0), (20, 50, 140), (30, 130, 220), (120, 220, 255), (240, 255, 255)])
"""The same for negative numbers."""

DIMMED = 0.55
"""What is left of an image's brightness under numbers that are zero."""

_LUMA = np.array([0.299, 0.587, 0.114])


def heat_over(image: NDArray[np.uint8], heat: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Lay a ramp of colors over a dimmed gray image.

    Parameters
    ----------
    image
        ``(height, width, 1 or 3)``.
    heat
        ``(height, width)`` from −1 to 1; zero leaves the image gray, positive numbers glow red to
        white, negative ones blue to white.

    Returns
    -------
    NDArray
        ``(height, width, 3)`` uint8.
    """
    size = np.abs(heat)[..., np.newaxis]
    gray = np.broadcast_to(image, (*heat.shape, 3)) @ _LUMA
    colors = np.where(heat[..., np.newaxis] < 0, ramp(AGAINST, size), ramp(FOR, size))
    mixed = (1 - size) * DIMMED * gray[..., np.newaxis] + size * colors
    return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)


def ramp(colors: NDArray[np.int64], places: NDArray[Any]) -> NDArray[np.float64]:
    """Interpolate between colors: places ``(height, width, 1)`` in [0, 1]."""
    knots = np.linspace(0, 1, len(colors))
    channels = [np.interp(places[..., 0], knots, colors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1)
