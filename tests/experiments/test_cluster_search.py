"""Workers of a dask cluster find the neighbors of one process, to the last bit."""

import os
import signal
from collections.abc import Iterator
from io import StringIO
from logging import StreamHandler, getLogger
from typing import Any

import numpy as np
import pytest

from cvtool.errors import UsageError
from cvtool.experiments import cluster, cluster_search
from cvtool.experiments.cluster_search import ClusterSearching, searching
from cvtool.models.neighbor_search import HereSearching, Poll

POLL = Poll((1, 9), ("l1", "l2", "cosine"), "smallest", 3)
CHUNK = 40


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Start two workers, once."""
    pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    with searching("local:2", 2) as begin:
        yield begin.args[0]  # type: ignore[attr-defined]


def images(dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    pair = random.integers(0, 256, (35, 20)), random.integers(0, 256, (430, 20))
    queries, rows = (each.astype(dtype) for each in pair)
    return queries, rows


def search(begin: Any, queries: np.ndarray, rows: np.ndarray) -> Any:
    searching = begin(queries, POLL)
    for first in range(0, len(rows), CHUNK):
        searching.add(rows[first : first + CHUNK], first)
    return searching.result()


def assert_equal(found: Any, expected: Any) -> None:
    assert set(found) == set(expected) == set(POLL.metrics)
    for metric in expected:
        for one, other in zip(found[metric], expected[metric], strict=True):
            assert (one.dtype, one.tobytes()) == (other.dtype, other.tobytes())


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_same_neighbors_to_the_last_bit(
    client: Any, monkeypatch: pytest.MonkeyPatch, dtype: Any
) -> None:
    # Queries travel in pieces, and chunks in several tasks.
    monkeypatch.setattr(cluster_search, "_TASK_BYTES", 2000)
    queries, rows = images(dtype)
    found = search(lambda *given: ClusterSearching(client, *given), queries, rows)
    assert_equal(found, search(HereSearching, queries, rows))


@pytest.mark.slow
def test_what_a_lost_worker_was_to_do_others_do(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_search, "_TASK_BYTES", 1)  # a task for each chunk
    queries, rows = images(np.uint8)
    searching = ClusterSearching(client, queries, POLL)
    for first in range(0, len(rows), CHUNK):
        searching.add(rows[first : first + CHUNK], first)
        if first == 3 * CHUNK:
            os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)
    assert_equal(searching.result(), search(HereSearching, queries, rows))


@pytest.mark.slow
def test_workers_with_other_kernels_are_refused(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.wait_for_workers(2)
    monkeypatch.setattr(cluster, "CACHE", cluster.CACHE.with_name("changed"))
    with pytest.raises(UsageError, match="has another version of cvtool"):
        cluster._check_workers(client, "local:2")


def test_without_the_library_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with (
        pytest.raises(UsageError, match=r"--cluster needs dask"),
        searching("local:2", 2),
    ):
        pass


def test_this_process_searches_unless_an_address_is_given() -> None:
    with searching(None, 2) as begin:
        assert begin is HereSearching


def test_dask_is_silent_while_it_works_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    words = StringIO()
    monkeypatch.setattr(getLogger("distributed"), "handlers", [StreamHandler(words)])
    with cluster._silent():
        getLogger("distributed").error("connection lost")
    assert words.getvalue() == ""
    getLogger("distributed").error("as before")
    assert words.getvalue() == "as before\n"


@pytest.mark.slow
def test_an_address_where_nobody_listens_is_told() -> None:
    pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    with (
        pytest.raises(UsageError, match=r"no dask scheduler answers at --cluster tcp://"),
        searching("tcp://127.0.0.1:9", 2),
    ):
        pass
