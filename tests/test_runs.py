"""A run folder is never overwritten and can always be read."""

import json
from concurrent.futures import ThreadPoolExecutor
from math import isnan, nan
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import TrainConfig
from cvtool.errors import DataError, UsageError
from cvtool.records import EpochRecord, LayerHealth, LayerRow, NetworkTable
from cvtool.runs import RunFolder, StoredRun


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def epoch(number: int, train_loss: float = 0.5) -> EpochRecord:
    health = (LayerHealth("conv1", dead=0.1), LayerHealth("fc1", update_ratio=1e-3))
    return EpochRecord(number, 1e-3, train_loss, 0.8, 0.6, 0.75, 1.5, 1000.0, health=health)


def made(
    name: str | None = None, prefix: str = "train-cnn-digits", config: TrainConfig | None = None
) -> RunFolder:
    return RunFolder.create(name, prefix, config=config or TrainConfig(name=name), facts={"a": 1})


def test_names_count_up_and_never_repeat() -> None:
    names = [made().path.name for _ in range(3)]
    assert names == [f"train-cnn-digits-{number:03d}" for number in (1, 2, 3)]
    rmtree("runs/train-cnn-digits-001")
    assert made().path.name == "train-cnn-digits-004"


def test_runs_started_at_once_get_folders_of_their_own() -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: made(), range(32)))
    assert len({run.path for run in runs}) == 32


def test_a_run_that_cannot_be_begun_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cvtool.runs.folder.write_atomically", fail)
    with pytest.raises(OSError, match="No space"):
        made("mine")
    assert list(Path("runs").iterdir()) == []


def test_a_folder_appears_only_with_all_that_resuming_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def look(hidden: Path, target: Path) -> Path:
        seen.extend(path.name for path in hidden.iterdir())
        assert not target.exists()
        return target

    monkeypatch.setattr("cvtool.runs.publishing.take_place", look)
    made("mine")
    assert sorted(seen) == ["config.toml", "environment.json"]


def test_a_prefix_with_a_path_in_it_still_names_one_folder() -> None:
    run = made(prefix="train-cnn-../data/my images")
    assert run.path.parent == Path("runs")
    assert run.path.is_dir()


def test_a_taken_name_is_refused_with_a_way_out() -> None:
    made("mine")
    with pytest.raises(UsageError, match="--resume mine"):
        made("mine")


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "a/b", "a\\b", "-x", "a b", "x" * 101, "a\n"]
)
def test_names_that_cannot_name_a_folder_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="--name takes"):
        made(name, config=TrainConfig())


def test_names_are_refused_by_the_option_that_gave_them() -> None:
    given: dict[str, Any] = {"config": TrainConfig(), "facts": {}, "option": "--study"}
    with pytest.raises(UsageError, match="--study takes"):
        RunFolder.create("a/b", "tune", **given)
    RunFolder.create("mine", "tune", **given)
    with pytest.raises(UsageError, match="choose another --study, or go on with it by --resume"):
        RunFolder.create("mine", "tune", **given)


def test_runs_open_by_name_and_by_path(folder: Path) -> None:
    run = made("mine")
    for name in ("mine", "runs/mine", folder / "runs" / "mine"):
        assert RunFolder.open(name).path.resolve() == run.path.resolve()


def test_what_is_no_run_is_said_to_be_none(folder: Path) -> None:
    with pytest.raises(DataError, match="there is no run 'mine': runs/ holds none yet"):
        RunFolder.open("mine")
    made("mine")
    with pytest.raises(DataError, match="there is no run 'mien': did you mean 'mine'"):
        RunFolder.open("mien")
    with pytest.raises(DataError, match="there is no run ''"):
        RunFolder.open("")
    (folder / "data").mkdir()
    with pytest.raises(DataError, match=r"data is not a run: it has no config\.toml"):
        RunFolder.open("data")


def test_configuration_repeats_the_run_under_another_name() -> None:
    config = TrainConfig(epochs=3, clip=1.5, arch="fc-10 + softmax", name="mine")
    run = made("mine", config=config)
    again = TrainConfig.from_dict(run.read_config())
    assert again == TrainConfig(epochs=3, clip=1.5, arch="fc-10 + softmax")


@given(losses=st.lists(st.floats(width=32), max_size=8))
def test_metrics_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, losses: list[float]
) -> None:
    run = RunFolder(tmp_path_factory.mktemp("run"))
    for number, loss in enumerate(losses, start=1):
        run.append_metrics(epoch(number, loss))
    for number, (record, loss) in enumerate(zip(run.read_metrics(), losses, strict=True), start=1):
        finite = loss if abs(loss) < float("inf") else nan
        assert isnan(finite) == isnan(record.train_loss)
        if not isnan(finite):
            assert record == epoch(number, finite)


def test_a_resumed_run_forgets_what_came_after() -> None:
    run = made()
    for number in range(1, 6):
        run.append_metrics(epoch(number))
    assert [record.epoch for record in run.truncate(3)] == [1, 2, 3]
    run.append_metrics(epoch(4))
    assert [record.epoch for record in run.read_metrics()] == [1, 2, 3, 4]


def test_a_run_without_metrics_has_none() -> None:
    run = made()
    assert run.read_metrics() == []
    assert run.truncate(0) == []


def test_damaged_metrics_name_the_line() -> None:
    run = made()
    run.append_metrics(epoch(1))
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write("{broken\n")
    with pytest.raises(DataError, match=r"line 2 of .*metrics\.jsonl is damaged"):
        run.read_metrics()


@pytest.mark.parametrize("line", ["3", "{}", '{"epoch": 1}', '{"epoch": "one", "health": []}'])
def test_a_line_that_is_no_epoch_is_named(line: str) -> None:
    run = made()
    (run.path / "metrics.jsonl").write_text(line + "\n")
    with pytest.raises(DataError, match=r"line 1 of .*metrics\.jsonl does not hold"):
        run.read_metrics()


def test_layers_come_back_as_they_were() -> None:
    run, row = made(), LayerRow("fc1", "fc-10", (10,), "8·8·1·10", 0, 0, 650, 8, 640, 40, 0)
    assert run.read_network() is None
    for rows in ((), (row, row)):
        table = NetworkTable("fc-10 + softmax", (8, 8, 1), 64, "softmax", rows, 650, 640, 2560, 0)
        run.write_network(table)
        assert run.read_network() == table
    (run.path / "network.json").write_text('{"formula": 3}')
    with pytest.raises(DataError, match=r"network\.json does not hold"):
        run.read_network()
    (run.path / "network.json").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"network\.json is damaged"):
        run.read_network()


def test_a_run_that_is_named_twice_is_opened_once(folder: Path) -> None:
    for name in ("one", "two"):
        made(name)
    names = ("two", "runs/one", folder / "runs" / "two", "one", "runs/../runs/two")
    assert [str(run.path) for run in RunFolder.open_all(names)] == [
        str(Path("runs", name)) for name in ("two", "one")
    ]
    with pytest.raises(DataError, match="there is no run 'three'"):
        RunFolder.open_all(["one", "three"])


def test_environment_says_what_the_run_stood_on() -> None:
    run = made()
    run.write_environment({"threads": 2})
    environment = json.loads((run.path / "environment.json").read_text())
    assert {"python", "numpy", "numba", "processor", "threads", "started"} <= environment.keys()
    assert environment["threads"] == 2


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"null", b"\xe9\xff", pytest.param(b"[" * 100_000, id="no end")]
)
def test_a_damaged_environment_is_named(content: bytes) -> None:
    run = made()
    (run.path / "environment.json").write_bytes(content)
    with pytest.raises(DataError, match=r"environment\.json is damaged"):
        run.read_environment()
    with pytest.raises(DataError, match=r"environment\.json is damaged"):
        _ = StoredRun(run.path).environment


def test_a_folder_is_held_by_one_process_at_a_time() -> None:
    run = made()
    with run.held(), pytest.raises(UsageError, match="another process is at work in"), run.held():
        pass
    with run.held():
        assert run.read_config()


def test_whether_somebody_is_at_work_can_be_asked_and_changes_nothing() -> None:
    run = made()
    stored = StoredRun(run.path)
    assert stored.value("outcome") == "stopped"
    assert not (run.path / ".lock").exists()
    with run.held():
        assert stored.value("outcome") == "running"
        assert stored.is_running  # whoever asked, asked in vain before as well
    assert not stored.is_running
    assert not (run.path / ".lock").exists()


def test_many_who_want_a_folder_get_it_one_after_the_other() -> None:
    run, inside, most = made(), [0], [0]

    def work(_: int) -> None:
        while True:
            try:
                with run.held():
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    inside[0] -= 1
                return
            except UsageError:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert most == [1]


def test_an_unfinished_run_has_no_result() -> None:
    assert not (made().path / "result.json").exists()


def test_openings_of_the_test_set_are_counted_across_processes() -> None:
    run = made("mine")
    counted = [run.count_test_opening(), RunFolder.open("mine").count_test_opening()]
    assert counted == [1, 2]


def test_a_run_that_cannot_be_resumed_is_kept_only_if_it_ends() -> None:
    stopped, finished = made("stopped"), made("finished")
    with pytest.raises(KeyboardInterrupt), stopped.kept_if_finished():
        raise KeyboardInterrupt
    with finished.kept_if_finished():
        finished.write_result({"accuracy": 1})
    assert not stopped.path.exists()
    assert (finished.path / "result.json").exists()


def test_names_that_differ_in_case_are_one_name() -> None:
    made("Größe")
    with pytest.raises(UsageError, match="there is a run 'Größe' already"):
        made("GRÖSSE")
