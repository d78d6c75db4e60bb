"""Votes of neighbors, counted as on paper."""

from collections import Counter


def vote(labels, ties):
    """Return who wins among the labels of neighbors, nearest first, and whether others tie."""
    votes = Counter(labels)
    leaders = [label for label in votes if votes[label] == max(votes.values())]
    if ties == "smallest":
        return min(leaders), len(leaders) > 1
    return next(label for label in labels if label in leaders), len(leaders) > 1
