"""Nearest neighbors vote for the class of an image (notes §2.1).

One list of neighbors, the nearest first, serves every number of them that is to be tried: the vote
of the first three is on the way to that of the first five.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Votes:
    """What comes of the votes, for each query and each number of neighbors.

    Parameters
    ----------
    winners
        ``(queries, ks)`` int64: the class with the most votes.
    tied
        ``(queries, ks)`` bool: whether others had as many.
    """

    winners: NDArray[np.int64]
    tied: NDArray[np.bool_]


def vote(
    labels: NDArray[np.int64], ks: Sequence[int], *, classes: int, ties: str = "smallest"
) -> Votes:
    """Let the first k neighbors vote, for each k of a list.

    Parameters
    ----------
    labels
        ``(queries, neighbors)``: the class of each neighbor, the nearest first.
    ks
        Numbers of neighbors that vote, ascending, from 1 to as many as there are.
    classes
        How many classes there are.
    ties
        Which of several classes with equally many votes wins: the ``smallest`` label, or that of
        the ``nearest`` neighbor among those who voted for any of them.

    Raises
    ------
    ValueError
        If the numbers of neighbors are not ascending, or not among those that there are.
    """
    if list(ks) != sorted(set(ks)) or not 1 <= ks[0] <= ks[-1] <= labels.shape[1]:
        raise ValueError(f"{labels.shape[1]} neighbors cannot vote as the first {list(ks)}")
    queries = np.arange(len(labels))
    votes = np.zeros((len(labels), classes), np.int32)
    winners = np.empty((len(labels), len(ks)), np.int64)
    tied = np.empty((len(labels), len(ks)), np.bool_)
    voted = 0
    for column, k in enumerate(ks):
        for neighbor in range(voted, k):
            votes[queries, labels[:, neighbor]] += 1
        voted = k
        leads = votes == votes.max(axis=1, keepdims=True)
        tied[:, column] = leads.sum(axis=1) > 1
        winners[:, column] = leads.argmax(axis=1)
        if ties == "nearest":
            is_for_a_leader = np.take_along_axis(leads, labels[:, :k], axis=1)
            winners[:, column] = labels[queries, is_for_a_leader.argmax(axis=1)]
    return Votes(winners, tied)


def vote_shares(labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Return which share of the neighbors is of each class, ``(queries, classes)``.

    ``labels`` are ``(queries, neighbors)``.
    """
    places = np.arange(len(labels))[:, np.newaxis] * classes + labels
    counts = np.bincount(places.ravel(), minlength=len(labels) * classes)
    shares: NDArray[np.float64] = counts.reshape(len(labels), classes) / labels.shape[1]
    return shares
