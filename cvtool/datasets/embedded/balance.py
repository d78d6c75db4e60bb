"""Labels of drawn examples: as many of each class, in an order of chance."""

import numpy as np

from cvtool.datasets.dataset import Indices


def balanced_labels(random: np.random.Generator, classes: int, count: int) -> Indices:
    """Draw ``(count,)`` labels, of which each run of ``classes`` holds every class once.

    Counts of classes therefore differ by at most one whatever ``count`` is, and more labels begin
    with the same ones.
    """
    rounds = -(-count // classes)
    orders = np.tile(np.arange(classes, dtype=np.int64), (rounds, 1))
    return random.permuted(orders, axis=1).ravel()[:count]
