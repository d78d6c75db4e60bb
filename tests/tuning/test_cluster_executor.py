"""A cluster carries out what one process would, whatever happens to its workers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from reference.toy_objectives import HARMLESS, Toy, records, trials

from cvtool.errors import UsageError
from cvtool.experiments.cluster import connected
from cvtool.records import TrialBegan, TrialMoved, TrialRecord
from cvtool.tuning.executors import Cluster, Here, cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return Toy(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Start two workers, once."""
    pytest.importorskip("distributed", reason="the cluster needs dask.distributed")
    with connected("local:2", 2, failures=0) as client:
        yield client


@pytest.fixture(scope="module")
def workers(client: Any, toy: Toy) -> Cluster:
    return Cluster(toy, client)


def test_the_records_are_those_of_one_process(workers: Cluster, toy: Toy) -> None:
    assert workers.workers == 2
    assert repr(records(workers, *HARMLESS)) == repr(records(Here(toy), *HARMLESS))


def test_each_worker_has_one_trial_at_a_time(workers: Cluster) -> None:
    running, most = set(), 0
    names = set()
    for event in workers.carry_out(trials(*["finish"] * 8)):
        if isinstance(event, TrialBegan):
            running.add(event.number)
            names.add(event.worker)
        if isinstance(event, TrialRecord):
            running.remove(event.number)
        most = max(most, len(running))
    assert most == 2
    assert names == {"1", "2"}


def test_how_far_a_trial_is_is_told_before_it_ends(workers: Cluster) -> None:
    told = [type(each) for each in workers.carry_out(trials("sleep", stage=4, seconds=0.5))]
    assert told == [TrialBegan, TrialMoved, TrialRecord]


def test_a_lost_trial_begins_again_and_one_that_is_lost_twice_is_given_up(
    workers: Cluster, toy: Toy
) -> None:
    expected = records(Here(toy), "finish", "finish", "finish", stage=2)
    once, fine, died = records(workers, "die once", "finish", "die", stage=2)
    assert repr(once) == repr(replace(expected[0], params={"does": "die once"}))
    assert fine.outcome == "finished"
    assert died.outcome == "broken"
    assert "lost 2 times" in died.reason


def test_who_stops_listening_stops_trials(workers: Cluster) -> None:
    running = set()
    events = workers.carry_out(trials("go on", "go on", stage=3))
    for event in events:
        running |= {event.number} if isinstance(event, TrialMoved) else set()
        if running == {0, 1}:
            break
    events.close()  # type: ignore[attr-defined]
    assert [each.outcome for each in records(workers, "finish", "finish")] == ["finished"] * 2


def test_a_cluster_that_goes_away_is_told(toy: Toy) -> None:
    with connected("local:1", 1, failures=0) as client:
        events = Cluster(toy, client).carry_out(trials("sleep", seconds=600))
        assert isinstance(next(events), TrialBegan)
        client.cluster.close()
        with pytest.raises(UsageError, match=r"--cluster is gone .* go on with --resume"):
            list(events)


def test_a_cluster_whose_workers_go_away_is_told(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_SECONDS_WITHOUT_WORKERS", 1)
    with connected("local:1", 1, failures=0) as client:
        events = Cluster(toy, client).carry_out(trials("sleep", seconds=600))
        assert isinstance(next(events), TrialBegan)
        client.cluster.scale(0)
        with pytest.raises(UsageError, match=r"--cluster is gone .* go on with --resume"):
            list(events)
