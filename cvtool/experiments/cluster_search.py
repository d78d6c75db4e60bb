"""Search on a dask cluster: workers find the nearest in a chunk each, and here they are merged.

The distance of a pair does not depend on where, or among which others, it is computed, and equal
ones go to the smaller index: the neighbors are those of one process, to the last bit.

Chunks and queries are part of the tasks, and no worker holds anything that is nowhere else. Dask
gives the tasks of a worker that is lost to another, without help.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.errors import UsageError
from cvtool.experiments.cluster import connected
from cvtool.kernels.nearest import Neighbors, merge
from cvtool.models.neighbor_search import Begin, HereSearching, Poll
from cvtool.tuning.executors.whole_worker import whole_worker

_TASK_BYTES = 2**23
"""Bytes of images that travel in a task: dask warns of more than ten million."""
_TASKS_AHEAD = 3
"""How many tasks each worker may have waiting for it."""


Chunk = tuple[NDArray[Any], int]
"""Rows, and the number of the first."""


@contextmanager
def searching(address: str | None, threads: int) -> Iterator[Begin]:
    """Provide what searches: this process, or workers at an address.

    Parameters
    ----------
    address
        None for this process; ``local:N`` to start N workers on this machine, which share its
        ``threads`` and end with the block; else where a dask scheduler listens.
    threads
        How many there are to be shared.

    Raises
    ------
    UsageError
        If dask.distributed is not installed, nobody answers, or workers have another cvtool; or
        later, if workers are lost again and again.
    """
    if address is None:
        yield HereSearching
        return
    with connected(address, threads) as client:
        distributed = import_module("distributed")
        try:
            yield partial(ClusterSearching, client)
        except (distributed.KilledWorker, distributed.CancelledError) as error:
            raise UsageError(
                f"--cluster {address} loses its workers again and again ({error}): see whether "
                f"they run out of memory"
            ) from error


class ClusterSearching:
    """Has workers search in the rows that are added, some chunks in each task."""

    def __init__(self, client: Any, queries: NDArray[Any], poll: Poll) -> None:
        # Workers on this machine find the kernels compiled then, and do not all compile at once.
        HereSearching(queries[:1], poll).add(queries[:1], 0)
        self._client, self._poll = client, poll
        count = max(1, _TASK_BYTES // max(1, queries[:1].nbytes))
        pieces = [
            client.submit(_keep, queries[start : start + count], pure=False)
            for start in range(0, len(queries), count)
        ]
        self._queries = client.submit(_join, pieces, pure=False)
        self._chunks: list[Chunk] = []
        self._waiting: deque[Any] = deque()
        self._found: dict[str, Neighbors] = {}

    def add(self, rows: NDArray[Any], first: int) -> None:
        """Compare with rows, numbered from ``first``; wait while workers have enough to do."""
        self._chunks.append((rows, first))
        if sum(each.nbytes for each, _ in self._chunks) + rows.nbytes > _TASK_BYTES:
            self._hand_out()

    def result(self) -> Mapping[str, Neighbors]:
        """Wait for all workers, and return the nearest rows by the name of each metric."""
        if self._chunks:
            self._hand_out()
        while self._waiting:
            self._merge_oldest()
        return self._found

    def _hand_out(self) -> None:
        while len(self._waiting) >= _TASKS_AHEAD * max(1, len(self._client.ncores())):
            self._merge_oldest()
        task = self._client.submit(_search, self._queries, self._poll, self._chunks, pure=False)
        self._waiting.append(task)
        self._chunks = []

    def _merge_oldest(self) -> None:
        found = self._waiting.popleft().result()
        parts = [self._found, found] if self._found else [found]
        self._found = {
            metric: merge([part[metric] for part in parts], self._poll.ks[-1])
            for metric in self._poll.metrics
        }


def _keep(queries: NDArray[Any]) -> NDArray[Any]:
    return queries


def _join(pieces: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(pieces)


def _search(queries: NDArray[Any], poll: Poll, chunks: Sequence[Chunk]) -> Mapping[str, Neighbors]:
    """Search in some chunks; runs in a worker."""
    with whole_worker():
        search = HereSearching(queries, poll)
        for rows, first in chunks:
            search.add(rows, first)
        return search.result()
