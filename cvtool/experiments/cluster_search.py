"""Search on a dask cluster: workers find the nearest in a chunk each, and here they are merged.

The distance of a pair does not depend on where, or among which others, it is computed, and equal
ones go to the smaller index: the neighbors are those of one process, to the last bit.

Chunks and queries are part of the tasks, and no worker holds anything that is nowhere else. Dask
gives the tasks of a worker that is lost to another, without help.
"""

import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.errors import UsageError
from cvtool.kernels.jit import CACHE
from cvtool.kernels.nearest import Neighbors, merge
from cvtool.kernels.threads import most_threads, use_threads
from cvtool.models.neighbor_search import Begin, HereSearching, Poll

_TASK_BYTES = 2**23
"""Bytes of images that travel in a task: dask warns of more than ten million."""
_TASKS_AHEAD = 3
"""How many tasks each worker may have waiting for it."""
_SECONDS_FOR_WORKERS = 30


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
    distributed = _distributed()
    with _client(distributed, address, threads) as client:
        _check_workers(client, address)
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


def _distributed() -> Any:
    """Import what only some users have."""
    try:
        return import_module("distributed")
    except ImportError:
        raise UsageError(
            "--cluster needs dask.distributed, which is not installed: "
            "pip install 'cvtool[cluster]', or leave it out"
        ) from None


@contextmanager
def _client(distributed: Any, address: str, threads: int) -> Iterator[Any]:
    local = re.fullmatch(r"local:(\d+)", address)
    if local is None:
        try:
            client = distributed.Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"no dask scheduler answers at --cluster {address} ({error or 'it took too long'}):"
                f" start one there with 'dask scheduler', or take local:2"
            ) from error
        with client:
            yield client
        return
    workers = int(local[1])
    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=max(1, threads // workers),
            processes=True,
            memory_limit=0,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _check_workers(client: Any, address: str) -> None:
    """Wait for a worker, and hold all to the kernels that are used here."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS_FOR_WORKERS)
    except TimeoutError:
        raise UsageError(
            f"the dask scheduler at --cluster {address} has no workers: start some with "
            f"'dask worker {address}'"
        ) from None
    try:
        found = client.run(_kernels)
    except ImportError as error:
        raise UsageError(
            f"workers at --cluster {address} cannot import cvtool ({error}): install it there too"
        ) from error
    other = [worker for worker, kernels in found.items() if kernels != _kernels()]
    if other:
        raise UsageError(
            f"the worker {other[0]} has another version of cvtool, or of numba, than there is "
            f"here, and might find other bits: install the same there"
        )


def _kernels() -> str:
    """Name the kernels: a hash of their sources and numba's version."""
    return CACHE.name


def _keep(queries: NDArray[Any]) -> NDArray[Any]:
    return queries


def _join(pieces: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(pieces)


_one_at_a_time = Lock()
"""Dask gives a worker as many tasks as it has threads, and each of ours uses all of them."""


def _search(queries: NDArray[Any], poll: Poll, chunks: Sequence[Chunk]) -> Mapping[str, Neighbors]:
    """Search in some chunks; runs in a worker, on as many threads as dask has given it."""
    worker = _distributed().get_worker()
    with _one_at_a_time:
        use_threads(min(worker.state.nthreads, most_threads()))
        search = HereSearching(queries, poll)
        for rows, first in chunks:
            search.add(rows, first)
        return search.result()
