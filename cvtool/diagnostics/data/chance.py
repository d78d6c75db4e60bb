"""How alike two images may be by chance: in each data set another answer.

Two handwritten sevens differ less than two copies of a photograph of which one was compressed. What
counts as a near duplicate is therefore asked of the data: among random pairs, the share that differ
by less than some t grows as a power of t (Grassberger and Procaccia, "Characterization of strange
attractors", 1983), and two quantiles give that power. It says how near the nearest of all pairs
will be by chance, which is where near duplicates end.
"""

from math import log

import numpy as np
from numpy.typing import NDArray

LIMIT = 0.4
"""Details of one picture differ by less; beyond it, photographs that merely resemble each other
begin to be found (looked at by eye in 50,000 of them)."""

SAMPLE = 300
"""Images to compare with each other; their pairs show shares down to one in a thousand."""

_FEW = 30  # images that say nothing about chance
_SMALLEST_SHARE = 1e-3
_COPIES = 5  # of each image that may be in a small sample without being taken for chance


def chance_limit(differences: NDArray[np.float64], images: int) -> float:
    """Return the difference within which about one pair is expected by chance.

    Parameters
    ----------
    differences
        Those of all pairs of a random sample.
    images
        How many there are in all, each of which is compared with all and their mirror images.

    Returns
    -------
    float
        At most ``LIMIT``.
    """
    if images < _FEW:
        return LIMIT
    share = min(max(_SMALLEST_SHARE, _COPIES / images), 0.1)
    larger = min(10 * share, 0.5)
    near, far = np.quantile(differences, [share, larger]).tolist()
    if not 0 < near < far < np.inf:
        return LIMIT if near > LIMIT else 0.0
    power = log(larger / share) / log(far / near)
    expected = images**2 * share
    return min(LIMIT, float(near * expected ** (-1 / power)))
