"""Words on the command line decide who carries trials out."""

from pathlib import Path
from typing import Any

import pytest
from reference.toy_objectives import HARMLESS, Toy, records

from cvtool.errors import UsageError
from cvtool.experiments import carrying_out as room
from cvtool.experiments.carrying_out import MOST_WORKERS, carrying_out
from cvtool.tuning.executors import Here, Processes


@pytest.fixture
def many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "use_threads", lambda count: count or 64)


@pytest.mark.usefixtures("many_processors")
@pytest.mark.parametrize(
    ("workers", "threads", "count"),
    [(None, None, MOST_WORKERS), (None, 3, 3), (5, 3, 5), (64, None, 64), (2, 1, 2)],
)
def test_processes_are_one_a_thread_unless_said(
    tmp_path: Path, workers: int | None, threads: int | None, count: int
) -> None:
    with carrying_out(Toy(tmp_path), workers=workers, cluster=None, threads=threads) as executor:
        assert isinstance(executor, Processes)
        assert executor.workers == count


@pytest.mark.usefixtures("many_processors")
@pytest.mark.parametrize(("workers", "threads"), [(1, None), (1, 4), (None, 1)])
def test_one_worker_is_this_process(
    tmp_path: Path, workers: int | None, threads: int | None
) -> None:
    with carrying_out(Toy(tmp_path), workers=workers, cluster=None, threads=threads) as executor:
        assert isinstance(executor, Here)


def test_more_threads_than_processors_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="--threads takes at most"),
        carrying_out(Toy(tmp_path), workers=2, cluster=None, threads=1000),
    ):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("said", [{"workers": 1}, {"workers": 4}, {"cluster": "local:2"}])
def test_the_records_are_the_same_whoever_makes_them(tmp_path: Path, said: dict[str, Any]) -> None:
    if "cluster" in said:
        pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    settings = {"workers": None, "cluster": None, "threads": None} | said
    with carrying_out(Toy(tmp_path), **settings) as executor:
        assert repr(records(executor, *HARMLESS)) == repr(records(Here(Toy(tmp_path)), *HARMLESS))
