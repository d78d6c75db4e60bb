"""Classify images by their nearest neighbors, however many images there are.

Queries are taken a block at a time, and training images go by in chunks, once for each block and
for all metrics together. Neither the distances nor the images are ever in memory as a whole: what
is held is a block of queries with the nearest so far, 128 MB at most, and a chunk of 8 MB.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.rows import Rows
from cvtool.kernels.nearest import Neighbors, Search
from cvtool.models.nearest_neighbors import Votes, vote, vote_shares
from cvtool.records import WorkRecord

_BLOCK_BYTES = 2**27
_CHUNK_BYTES = 2**23
_PAIR_BYTES = 48
"""Index and distance of a neighbor, twice more while they are sorted, and its vote."""
_CHUNK_WORK = 2**33
"""Differences of numbers between a block and a chunk: a second's work at most, then one is told."""


@dataclass(frozen=True)
class Poll:
    """Whom to ask: the first ``ks`` neighbors, ascending, by ``metrics``; ``ties`` as in ``vote``.

    ``classes`` is how many there are.
    """

    ks: tuple[int, ...]
    metrics: tuple[str, ...]
    ties: str
    classes: int


class Searching(Protocol):
    """Finds the nearest of all rows that are added, by each metric."""

    def add(self, rows: NDArray[Any], first: int) -> None:
        """Compare with rows, numbered from ``first``."""
        ...

    def result(self) -> Mapping[str, Neighbors]:
        """Return the nearest rows by the name of each metric."""
        ...


Begin = Callable[[NDArray[Any], Poll], Searching]
"""Begins to search for neighbors of ``(queries, numbers)``."""


class HereSearching:
    """Searches in this process."""

    def __init__(self, queries: NDArray[Any], poll: Poll) -> None:
        self._searches = {each: Search(queries, poll.ks[-1], each) for each in poll.metrics}

    def add(self, rows: NDArray[Any], first: int) -> None:
        """Compare with rows, numbered from ``first``."""
        for search in self._searches.values():
            search.add(rows, first)

    def result(self) -> dict[str, Neighbors]:
        """Return the nearest rows by the name of each metric."""
        return {metric: search.result() for metric, search in self._searches.items()}


class Tally:
    """Counts right and tied votes, and keeps the neighbors of a few queries to look at.

    Parameters
    ----------
    poll
        Whom to ask.
    queries, train
        ``(n,)`` the labels of both.
    kept
        Positions of the queries to look at, ascending.
    """

    def __init__(
        self, poll: Poll, queries: NDArray[np.int64], train: NDArray[np.int64], kept: Indices
    ) -> None:
        self._poll, self._queries, self._train, self.kept = poll, queries, train, kept
        settings = len(poll.metrics), len(poll.ks)
        self.right = np.zeros(settings, np.int64)
        """``(metrics, ks)``: how many queries were given their class."""
        self.tied = np.zeros(settings, np.int64)
        """``(metrics, ks)``: how many votes were tied."""
        self._found: dict[str, list[Neighbors]] = {metric: [] for metric in poll.metrics}

    def count(self, start: int, stop: int, found: Mapping[str, Neighbors]) -> None:
        """Let the neighbors of the queries from one position to another vote."""
        kept = self.kept[(self.kept >= start) & (self.kept < stop)] - start
        for row, metric in enumerate(self._poll.metrics):
            indices, distances = found[metric]
            votes = self._vote(indices)
            self.right[row] += (votes.winners == self._queries[start:stop, None]).sum(axis=0)
            self.tied[row] += votes.tied.sum(axis=0)
            self._found[metric].append(Neighbors(indices[kept], distances[kept]))

    def neighbors_of_kept(self, metric: str) -> Neighbors:
        """Return the neighbors of the queries to look at."""
        return Neighbors(*map(np.concatenate, zip(*self._found[metric], strict=True)))

    def winners_of_kept(self, metric: str, k: int) -> NDArray[np.int64]:
        """Return the classes that the queries to look at were given, ``(kept,)``."""
        votes = self._vote(self.neighbors_of_kept(metric).indices)
        return votes.winners[:, self._poll.ks.index(k)]

    def shares_of_kept(self, metric: str, k: int) -> NDArray[np.float64]:
        """Return the share of votes that each class got from these queries' neighbors."""
        indices = self.neighbors_of_kept(metric).indices[:, :k]
        return vote_shares(self._train[indices], self._poll.classes)

    def _vote(self, indices: Indices) -> Votes:
        poll = self._poll
        return vote(self._train[indices], poll.ks, classes=poll.classes, ties=poll.ties)


def classifying(
    queries: Rows,
    train: Rows,
    poll: Poll,
    *,
    kept: Indices,
    begin: Begin = HereSearching,
    work: str = "comparing with training image",
) -> Generator[WorkRecord, None, Tally]:
    """Compare queries with training images and let the nearest vote; yield how far that is.

    Parameters
    ----------
    queries, train
        Rows of the same numbers, seen through the same preprocessing.
    poll
        No more neighbors than there are training images.
    kept
        Positions of queries whose neighbors are to be looked at later, ascending.
    begin
        What searches, if not this process.
    work
        What to call this while it goes on.
    """
    tally = Tally(poll, queries.labels, train.labels, kept)
    block = _block(queries, poll)
    chunk = _chunk(train, min(block, len(queries)))
    blocks = -(-len(queries) // block)
    for number, start in enumerate(range(0, len(queries), block)):
        stop = min(start + block, len(queries))
        search = begin(queries.at(np.arange(start, stop)), poll)
        for first, rows in train.chunks(chunk):
            search.add(rows, first)
            done = number * len(train) + first + len(rows)
            yield WorkRecord(work, done // blocks, len(train))
        tally.count(start, stop, search.result())
    return tally


def _block(queries: Rows, poll: Poll) -> int:
    """Count the queries to take together, by what a query and its neighbors take of memory."""
    pairs = len(poll.metrics) * poll.ks[-1] + poll.classes
    return max(1, _BLOCK_BYTES // (queries.row_bytes + _PAIR_BYTES * pairs))


def _chunk(train: Rows, queries: int) -> int:
    """Count the training images to take together."""
    work = max(64, _CHUNK_WORK // (queries * train.numbers))
    return max(1, min(work, _CHUNK_BYTES // train.row_bytes))
