"""Connecting to a dask cluster: one that is there, or workers on this machine.

Its workers must have the cvtool that is used here: they might find other bits otherwise.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

import cvtool
from cvtool.errors import UsageError
from cvtool.kernels.jit import CACHE

_SECONDS_FOR_WORKERS = 30


@contextmanager
def connected(address: str, threads: int, *, failures: int = 3) -> Iterator[Any]:
    """Provide a client of the workers at an address.

    Parameters
    ----------
    address
        ``local:N`` to start N workers on this machine, which share its ``threads`` and end with the
        block; else where a dask scheduler listens.
    threads
        How many there are to be shared.
    failures
        How many workers a task may cost and still go to another, where workers are started here; a
        scheduler that is there already has been told.

    Raises
    ------
    UsageError
        If dask.distributed is not installed, nobody answers, or workers have another cvtool.
    """
    distributed = _distributed()
    local = re.fullmatch(r"local:(\d+)", address)
    with (
        _started(distributed, int(local[1]), threads, failures)
        if local
        else _found(distributed, address)
    ) as client:
        _check_workers(client, address)
        yield client


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
def _started(distributed: Any, workers: int, threads: int, failures: int) -> Iterator[Any]:
    """Start workers on this machine."""
    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=max(1, threads // workers),
            processes=True,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={
                "allowed_failures": failures,
                "dashboard": False,
                "dashboard_address": "127.0.0.1:0",  # what it serves anyway: two would want 8787
            },
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@contextmanager
def _found(distributed: Any, address: str) -> Iterator[Any]:
    """Connect to a scheduler that listens."""
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no dask scheduler answers at --cluster {address} ({error or 'it took too long'}):"
            f" start one there with 'dask scheduler', or take local:2"
        ) from error
    with _silent(), client:
        yield client


@contextmanager
def _silent() -> Iterator[None]:
    """Keep to oneself what dask says of a scheduler that is lost: we say it in a sentence."""
    handlers = logging.getLogger("distributed").handlers
    levels = [each.level for each in handlers]
    for each in handlers:
        each.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for each, level in zip(handlers, levels, strict=True):
            each.setLevel(level)


def _check_workers(client: Any, address: str) -> None:
    """Wait for a worker, and hold all to what is used here."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS_FOR_WORKERS)
    except TimeoutError:
        raise UsageError(
            f"the dask scheduler at --cluster {address} has no workers: start some with "
            f"'dask worker {address}'"
        ) from None
    try:
        found = client.run(_sources)
    except (ImportError, AttributeError) as error:  # none, or one that knows no such function
        raise UsageError(
            f"workers at --cluster {address} cannot import cvtool ({error}): install it there too"
        ) from error
    here = _sources()
    other = [worker for worker, sources in found.items() if sources != here]
    if other:
        raise UsageError(
            f"the worker {other[0]} has another version of cvtool, or of numba, than there is "
            f"here, and might find other bits: install the same there"
        )


def _sources() -> str:
    """Name what decides about bits: a hash of all sources and of numba's version."""
    digest = blake2b(CACHE.name.encode(), digest_size=8)
    for source in sorted(Path(cvtool.__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
