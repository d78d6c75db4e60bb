"""Images with equal pixels: grouped by digest, then compared, so that nothing is left to luck."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.data.pooled_images import Pool

_BYTES_AT_ONCE = 2**25


@dataclass(frozen=True, eq=False)
class EqualImages:
    """Which images of a pool are equal.

    ``groups`` hold two or more numbers each, ascending; ``firsts`` are the numbers of all images
    that have no equal before them, ascending.
    """

    groups: tuple[Indices, ...]
    firsts: Indices


def equal_images(pool: Pool, digests: NDArray[np.uint64]) -> EqualImages:
    """Group images by digests ``(n, 2)`` and make sure of their pixels."""
    order = np.lexsort(digests.T)  # stable: equal ones stay in the order of the pool
    in_order = digests[order]
    differs = np.any(in_order[1:] != in_order[:-1], axis=1)
    starts = np.concatenate([[0], np.flatnonzero(differs) + 1, [len(order)]])
    sizes = np.diff(starts)
    several = np.flatnonzero(sizes > 1)
    found = [order[starts[each] : starts[each + 1]] for each in several]
    groups = sorted((_really_equal(pool, group) for group in found), key=lambda group: group[0])
    firsts = np.sort(order[starts[:-1][sizes > 0]])
    return EqualImages(tuple(group for group in groups if len(group) > 1), firsts)


def _really_equal(pool: Pool, group: Indices) -> Indices:
    """Drop those whose pixels are not the first one's."""
    first = pool.images_at(group[:1])
    step = max(1, _BYTES_AT_ONCE // pool.bytes_each)
    equal = [
        np.all(pool.images_at(group[start : start + step]) == first, axis=(1, 2, 3))
        for start in range(0, len(group), step)
    ]
    return np.asarray(group[np.concatenate(equal)])
