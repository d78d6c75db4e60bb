"""Which pixels a score hangs on: the size of its gradient (Simonyan et al., 2013).

Taken once, it is a scatter of points. So the gradient is averaged over copies of the image with
noise on them (SmoothGrad: Smilkov et al., 2017), which shows shapes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.diagnostics.inspection.sight import Sight

COPIES = 32
NOISE = 0.05
"""Standard deviation of the noise, as a share of the range of what the network sees."""

PERCENTILE = 99.0
"""Of the numbers of a map: what is drawn as the most."""


def saliency(
    sight: Sight, image: NDArray[Any], label: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return how much the score of a class hangs on each pixel, the largest of its channels.

    Pixels that a network reads as bytes are left without noise: its score is linear in them.

    Parameters
    ----------
    sight
        What looks at the image and goes back to its pixels.
    image
        As it is stored, ``(height, width, channels)``.
    label
        Whose score it is.
    random
        Noise.

    Returns
    -------
    NDArray
        ``(height, width)``: |∂score/∂pixel| for pixels in [0, 1].
    """
    copies = 1 if sight.network.reads_stored_pixels else COPIES
    total: NDArray[np.float64] = np.zeros(image.shape)
    for start in range(0, copies, sight.batch_size):
        count = min(copies - start, sight.batch_size)
        seen = sight.seen(np.broadcast_to(image, (count, *image.shape)))
        if copies > 1:
            seen += random.normal(0, NOISE * np.ptp(seen[0]), seen.shape).astype(seen.dtype)
        total += sight.pixel_gradients(seen, np.full(count, label)).sum(axis=0)
    return np.asarray(np.abs(total / copies).max(axis=2))


def as_heat(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring a saliency map to [0, 1]."""
    most = np.percentile(numbers, PERCENTILE)
    return np.asarray(np.clip(numbers / most, 0, 1) if most > 0 else np.zeros_like(numbers))
