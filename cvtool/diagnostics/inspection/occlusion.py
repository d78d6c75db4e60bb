"""Which parts a decision hangs on: how much its probability falls without them.

A window of the mean color slides over the image, and the network is asked each time (Zeiler and
Fergus, "Visualizing and understanding convolutional networks", 2014).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.moments import Floats, full_range
from cvtool.diagnostics.inspection.sight import Sight

SHARE = 4
"""Windows are about a fourth of the image's shorter side."""

STEPS = 4
"""Steps in which a window moves by its own length, if it has so many pixels."""

FAINTEST = 0.05
"""A fall of probability below which nothing is drawn as the most."""


def windows(height: int, width: int) -> list[tuple[slice, slice]]:
    """Place windows so that every pixel is covered by as many; some reach over the border."""
    side = min(height, width)
    step = max(1, round(side / (SHARE * STEPS)))
    size = step * min(STEPS, max(1, side // SHARE))
    return [
        (slice(max(0, top), top + size), slice(max(0, left), left + size))
        for top in range(step - size, height, step)
        for left in range(step - size, width, step)
    ]


def occlusion(sight: Sight, image: NDArray[Any], label: int, color: Floats) -> NDArray[np.float64]:
    """Return for every pixel how much the probability of a class falls, on average over windows.

    Parameters
    ----------
    sight
        What says how probable a class is.
    image
        As it is stored, ``(height, width, channels)``.
    label
        Whose probability it is.
    color
        ``(channels,)`` of the window, in [0, 1].

    Returns
    -------
    NDArray
        ``(height, width)`` from −1 to 1; negative where the class becomes more probable.
    """
    height, width, _ = image.shape
    [shares] = sight.probabilities(image[np.newaxis])
    places, hidden = windows(height, width), _as_stored(color, image)
    total, covered = np.zeros((height, width)), np.zeros((height, width))
    for start in range(0, len(places), sight.batch_size):
        some = places[start : start + sight.batch_size]
        copies = np.repeat(image[np.newaxis], len(some), axis=0)
        for copy, place in zip(copies, some, strict=True):
            copy[place] = hidden
        for place, share in zip(some, sight.probabilities(copies)[:, label], strict=True):
            total[place] += shares[label] - share
            covered[place] += 1
    return total / covered


def _as_stored(color: Floats, image: NDArray[Any]) -> NDArray[Any]:
    values = color * full_range(image)
    is_whole = np.issubdtype(image.dtype, np.integer)
    return np.asarray(values.round() if is_whole else values, image.dtype)


def as_heat(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring falls to [−1, 1]; small ones stay small."""
    return numbers / max(FAINTEST, float(np.abs(numbers).max()))
