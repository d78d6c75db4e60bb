"""A worker of a dask cluster, for one task alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from typing import Any

from cvtool.kernels.threads import most_threads, use_threads

_one_at_a_time = Lock()
"""Dask gives a worker as many tasks as it has threads, and each of ours uses all of them."""


@contextmanager
def whole_worker() -> Iterator[Any]:
    """Provide the worker that runs this task, with as many threads as dask has given it."""
    worker = import_module("distributed").get_worker()
    with _one_at_a_time:
        use_threads(min(worker.state.nthreads, most_threads()))
        yield worker
