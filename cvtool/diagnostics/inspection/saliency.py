"""Which pixels a score hangs on: the size of its gradient (Simonyan et al., 2013).

Taken once, the map is a scatter of points. So it is averaged over copies of the image with noise on
them (SmoothGrad: Smilkov et al., 2017), which shows shapes.
"""

import numpy as np
from numpy.typing import NDArray

from cvtool.diagnostics.inspection.sight import Sight
from cvtool.layers.base import Array

COPIES = 32
NOISE = 0.1
"""Standard deviation of the noise, as a share of the range of what the network sees."""

PERCENTILE = 99.0
"""Of the numbers of a map: what is drawn as the most."""


def saliency(sight: Sight, seen: Array, label: int) -> NDArray[np.float64]:
    """Return |∂score/∂pixel|, the largest of the channels.

    Parameters
    ----------
    sight
        What goes back to pixels.
    seen
        Images as the network sees them, no more than a batch.
    label
        Whose score it is.

    Returns
    -------
    NDArray
        ``(n, height, width)``, for pixels in [0, 1].
    """
    gradients = sight.pixel_gradients(seen, np.full(len(seen), label))
    return np.asarray(np.abs(gradients).max(axis=3))


def smooth_saliency(
    sight: Sight, image: NDArray[np.generic], label: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Average the saliency ``(height, width)`` of one stored image over copies with noise.

    Pixels that a network reads as bytes are left as they are: its score is linear in them.
    """
    if sight.network.reads_stored_pixels:
        return saliency(sight, sight.seen(image[np.newaxis]), label)[0]
    total: NDArray[np.float64] = np.zeros(image.shape[:2])
    left = COPIES
    while left:
        count = min(left, sight.batch_size)
        seen = sight.seen(np.broadcast_to(image, (count, *image.shape)))
        noise = random.normal(0, NOISE * np.ptp(seen[0]), seen.shape)
        seen += noise.astype(seen.dtype)
        total += saliency(sight, seen, label).sum(axis=0)
        left -= count
    return np.asarray(total / COPIES)


def as_heat(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring a saliency map to [0, 1]."""
    most = np.percentile(numbers, PERCENTILE)
    return np.asarray(np.clip(numbers / most, 0, 1) if most > 0 else np.zeros_like(numbers))
