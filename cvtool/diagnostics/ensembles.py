"""Several networks that decide together: their mean, how far they agree, what it is worth.

Networks that begin with other weights make other mistakes, and the mean of their probabilities is
right where most of them are (Hansen and Salamon, "Neural network ensembles", 1990).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cvtool.records import PairCompared
from cvtool.records.chance import CHANCE, chance_words


def mean_probabilities(members: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Average the probabilities ``(images, classes)`` of one member or more.

    The order of members changes no bit: of each number, the smallest is added first.
    """
    ordered = np.sort(np.stack(members), axis=0)
    mean: NDArray[np.float64] = ordered.sum(axis=0) / len(members)
    return mean


def mean_loss(members: Sequence[NDArray[np.float64]]) -> float:
    """Return the cross-entropy of the mean probabilities.

    Parameters
    ----------
    members
        Of one member or more, ln of its probability of each image's class, ``(images,)``. Their
        sum is taken as a logarithm too, so that it stays finite where probabilities would be 0.
    """
    ordered = np.sort(np.stack(members), axis=0)
    summed: NDArray[np.float64] = np.logaddexp.reduce(ordered, axis=0)
    return float(np.log(len(members)) - summed.mean())


def agreement(members: Sequence[NDArray[np.int64]]) -> float:
    """Return the share of images whose predicted class ``(images,)`` is the same in all members."""
    predictions = np.stack(members)
    return float((predictions == predictions[0]).all(axis=0).mean())


def verdict(pair: PairCompared) -> str:
    """Say whether an ensemble, the second of a pair, does better than its best member."""
    assert pair.p_value is not None
    gained = pair.only_second - pair.only_first
    if not pair.only_first and not pair.only_second:
        return "the ensemble is right on the very same images as its best member alone"
    if not gained:
        return (
            f"the ensemble is right on as many images as its best member alone: "
            f"{pair.only_second:,} gained, {pair.only_first:,} lost"
        )
    count = abs(gained)
    is_sure = pair.p_value <= CHANCE
    return (
        f"the ensemble is right on {count:,} image{'s' if count > 1 else ''} "
        f"{'more' if gained > 0 else 'fewer'} than its best member alone: "
        f"{'more' if is_sure else 'no more'} than chance would make ({chance_words(pair.p_value)})"
    )
