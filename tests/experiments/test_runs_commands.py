"""``runs show``, ``rerun``, ``delete`` and ``export``, as a user gives them."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from stored_runs import store_run, trained

from cvtool.config import TrainConfig
from cvtool.errors import DataError, UsageError
from cvtool.experiments import train_cnn
from cvtool.experiments.run_kinds import KINDS
from cvtool.experiments.runs_delete import find
from cvtool.experiments.runs_export import export
from cvtool.experiments.runs_show import show_run
from cvtool.records import (
    Candidate,
    ChosenSetting,
    CrossValidatedSetting,
    HeldOutSetting,
    KnnResult,
    NetworkTable,
    StageResult,
    TrialRecord,
    TuneResult,
    plain,
    read_back,
)
from cvtool.runs import RunFolder, StoredRun

EPOCHS = [
    {"epoch": 1, "train_loss": 2.0, "val_accuracy": 0.5, "seconds": 2.0, "best": True}
    | {"health": [{"layer": "conv1", "dead": None, "update_ratio": 0.001}]},
    {"epoch": 2, "train_loss": None, "val_accuracy": 0.75, "seconds": 1.0, "best": True}
    | {"health": []},
]


def knn_result(**setting: Any) -> dict[str, Any]:
    best = {"k": 1, "metric": "l1", "accuracy": 0.5, "ties": 0} | setting
    values = dict.fromkeys(("seed", "queries", "train_images", "ties"), 1)
    texts = {"run": "runs/k", "dataset": "digits", "features": "pixels", "preprocess": "none"}
    texts |= {"split": "val", "tie_rule": "smallest"}
    seconds = {"seconds": 1.0, "comparing_seconds": 0.5}
    return {**values, **texts, **seconds, "results": [best], "best": best, "verdicts": []}


def test_results_are_read_back_as_the_records_they_were() -> None:
    held_out = read_back(KnnResult, knn_result(low=0.25, high=0.75), source="it")
    assert held_out.results == (held_out.best,)
    assert isinstance(held_out.best, HeldOutSetting)
    folded = read_back(KnnResult, knn_result(folds=[0.5, 0.5], std=0.0), source="it")
    assert isinstance(folded.best, CrossValidatedSetting)
    assert folded.best.folds == (0.5, 0.5)


def test_a_whole_study_is_read_back() -> None:
    trial = TrialRecord(0, 1, {"lr": 0.1, "filters": "8,16"}, 3, 7, "diverged", "it exploded")
    stage = StageResult("fine", "fine", 1, 3, "lr=1..2", 1, 0, 0, 0, 0.5)
    best = Candidate({"lr": 0.1}, 0.5, 0.0, (0.5,))
    study = TuneResult(
        *("runs/st", "finished", "cnn", "digits", 0, 1.5, (stage,), (trial,), best, (best,)),
        *((), (), ("odd",), None),
    )
    again = read_back(TuneResult, json.loads(json.dumps(plain(study))), source="it")
    assert repr(again) == repr(study), "nan is nan again, lists are tuples again"


@pytest.mark.parametrize("name", knn_result())
@pytest.mark.parametrize("odd", [None, True, "x", [], [1], {}, {"k": 1}], ids=repr)
def test_a_result_of_other_kinds_is_told_or_the_same_again(name: str, odd: Any) -> None:
    values = {**knn_result(low=0.25, high=0.75), name: odd}
    try:
        result = read_back(KnnResult, values, source="odd")
    except DataError:
        return
    assert json.loads(json.dumps(plain(result))) == values


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_result_is_told(kind: str) -> None:
    for values in ({}, {"run": 3, "ok": [], "best": []}, {**knn_result(), "best": 3}):
        with pytest.raises(DataError, match="odd does not hold what its command reports"):
            read_back(KINDS[kind].result, values, source="odd")


def test_show_says_how_it_ended_and_what_was_chosen(train: Any, command: Any) -> None:
    result = train("--name", "mine", "--learning-rate", "0.01").json
    shown = command("runs", "show", "mine", "--json").json
    assert shown["result"] == result
    settings = {each["name"]: (each["value"], each["default"]) for each in shown["settings"]}
    assert settings["learning_rate"] == (0.01, 0.001)
    assert "momentum" not in settings
    assert shown["test_openings"] == 0
    assert shown["environment"]["tile"]
    command("evaluate", "mine", "--test")
    out = command("runs", "show", "mine").out
    assert "the test set was opened once" in out
    assert "instead of 0.001" in out
    assert result["weights_checksum"] in out


def test_show_knows_a_run_that_has_not_ended_and_one_of_a_stranger(command: Any) -> None:
    store_run("going", config={"epochs": 10, "batch_size": 8})
    shown = show_run("going")
    assert (shown.outcome, shown.result) == ("stopped", None)
    assert shown.settings == (ChosenSetting("batch_size", 8, 64),)
    assert "stopped" in command("runs", "show", "going").out
    store_run("strange", "dream")
    assert "which this version does not know" in command("runs", "show", "strange").sentence
    store_run("odd", result=trained(0.5))
    assert "does not hold what its command reports" in command("runs", "show", "odd").sentence


def test_a_run_done_again_ends_in_the_same_bits(train: Any, command: Any) -> None:
    checksum = train("--name", "mine").json["weights_checksum"]
    ending = command("runs", "rerun", "mine", "--name", "again", "--json")
    assert ending.code == 0
    assert ending.json["same"]
    assert ending.json["expected"] == ending.json["found"] == checksum
    assert ending.json["run"] == str(Path("runs/again"))
    assert StoredRun(Path("runs/again")).config == StoredRun(Path("runs/mine")).config


def test_bits_that_differ_are_told_with_what_may_be_why(train: Any, command: Any) -> None:
    train("--name", "mine")
    for file, old, new in (
        ("result.json", '"weights_checksum": "', '"weights_checksum": "f'),
        ("environment.json", '"numpy": "', '"numpy": "0.'),
    ):
        path = Path("runs/mine", file)
        path.write_text(path.read_text().replace(old, new))
    ending = command("runs", "rerun", "mine", "--json")
    assert ending.code == 4
    assert not ending.json["same"]
    assert [each["name"] for each in ending.json["differences"]] == ["numpy"]
    words = command("runs", "rerun", "mine").out.split()
    assert "it stands on other versions" in " ".join(words)


@pytest.mark.parametrize("name", ["knn", "linear"])
def test_other_commands_are_done_again_too(command: Any, name: str) -> None:
    command(name, "--limit", "60", "--name", "mine", "--threads", "1")
    assert command("runs", "rerun", "mine", "--json").json["same"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "never came to its end (stopped)"),
        ({"result": trained(0.5, outcome="interrupted")}, "never came to its end (interrupted)"),
        ({"result": trained(0.5, outcome="time limit")}, "never came to its end (time limit)"),
        ({"command": "tune"}, "not of train-cnn or linear or knn"),
    ],
)
def test_what_has_no_end_is_not_done_again(command: Any, parts: Any, words: str) -> None:
    store_run("odd", **parts)
    ending = command("runs", "rerun", "odd")
    assert (ending.code, words in ending.sentence) == (3, True)


def test_a_run_that_somebody_works_at_is_neither_deleted_nor_gone_on_with(
    train: Any, command: Any
) -> None:
    train("--name", "busy")
    with RunFolder.open("busy").held():
        refusals = [
            command("runs", "delete", "busy", "--yes"),
            command("train-cnn", "--resume", "busy", "--epochs", "9"),
        ]
    for refused in refusals:
        assert refused.code == 2
        assert "another process is at work in" in refused.sentence
    assert command("runs", "list", "--filter", "name=busy outcome=finished", "--json").json["runs"]
    assert command("runs", "delete", "busy", "--yes").code == 0


def test_a_run_is_held_from_its_first_step_to_its_end() -> None:
    records = train_cnn.train(TrainConfig(limit=60, epochs=1, threads=1, name="going"))
    next(record for record in records if isinstance(record, NetworkTable))
    assert StoredRun(Path("runs/going")).value("outcome") == "running"
    assert list(records)[-1].outcome == "finished"
    assert not StoredRun(Path("runs/going")).is_running


def test_runs_are_deleted_and_nothing_else(command: Any, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("mine")
    run = store_run("old", result=trained(0.5))
    (run / "plots").symlink_to(precious)
    store_run("other")
    dry = command("runs", "delete", "old", "--dry-run", "--json").json
    assert run.is_dir()
    done = command("runs", "delete", "old", "runs/old", "--yes", "--json").json
    assert done == [{**dry[0], "removed": True}]
    assert done[0]["bytes"] < 1000
    assert [path.name for path in Path("runs").iterdir()] == ["other"]
    assert (precious / "file").read_text() == "mine"


def test_deleting_needs_a_yes(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store_run("old")
    assert "say --yes" in command("runs", "delete", "old").sentence
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    for answer, is_there in ((False, True), (True, False)):
        monkeypatch.setattr("typer.confirm", lambda *_, answer=answer, **__: answer)
        command("runs", "delete", "old")
        assert run.exists() is is_there


def test_runs_are_deleted_that_conditions_hold_for(command: Any) -> None:
    for name, accuracy in (("weak", 0.2), ("weaker", 0.1), ("good", 0.9)):
        store_run(name, result=trained(accuracy))
    wanted = ("runs", "delete", "--filter", "val_accuracy<0.5")
    dry = command(*wanted, "--dry-run", "--json").json
    assert sorted(Path(each["path"]).name for each in dry) == ["weak", "weaker"]
    assert "say --yes" in command(*wanted).sentence
    assert command(*wanted, "--yes").code == 0
    assert [path.name for path in Path("runs").iterdir()] == ["good"]
    assert command(*wanted, "--json").json == []


@pytest.mark.parametrize(
    "words", [(), ("--filter", " "), ("mine", "--filter", "val_accuracy<0.5"), ("--filter", "name")]
)
def test_without_a_clear_choice_nothing_is_deleted(command: Any, words: tuple[str, ...]) -> None:
    run = store_run("mine", result=trained(0.1))
    assert command("runs", "delete", *words, "--yes").code == 2
    assert run.is_dir()


def test_a_question_names_a_few_of_many_runs(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for number in range(7):
        store_run(f"r{number}", result=trained(0.1))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda words, **_: asked.append(words))
    command("runs", "delete", "--filter", "val_accuracy<0.5")
    assert asked == ["delete 7 runs, r0, r1, r2, r3, r4 and others?"]
    assert len(list(Path("runs").iterdir())) == 7


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("..", UsageError, "only runs below runs/"),
        ("", UsageError, "only runs below runs/"),
        (".", UsageError, "only runs below runs/"),
        ("old/checkpoint", UsageError, "only runs below runs/"),
        ("../runs", UsageError, "only runs below runs/"),
        ("outside", UsageError, "only runs below runs/"),
        ("linked", UsageError, "is a link to"),
        ("foreign", DataError, "there is no run 'foreign'"),
        (".hidden", DataError, "there is no run '.hidden'"),
        ("missing", UsageError, "only runs below runs/"),
    ],
)
def test_what_is_no_run_below_runs_is_never_deleted(name: str, error: Any, words: str) -> None:
    (store_run("old") / "checkpoint").mkdir()
    store_run(".hidden")
    Path("runs/foreign").mkdir()
    Path("outside").mkdir()
    Path("outside/config.toml").write_text("")
    Path("runs/linked").symlink_to("../outside")
    with pytest.raises(error, match=words):
        find(["old", name])
    assert Path("runs/old").is_dir()


def test_damaged_runs_can_be_deleted(command: Any) -> None:
    (store_run("cut") / "result.json").write_text("{")
    assert command("runs", "delete", "cut", "--yes").code == 0
    assert not Path("runs/cut").exists()


def test_epochs_are_exported_as_a_table(command: Any) -> None:
    store_run("a", metrics=EPOCHS)
    store_run("b", metrics=EPOCHS[:1])
    ending = command("runs", "export", "a", "b", "--to", "all.csv", "--json")
    assert ending.json == {
        **{"path": "all.csv", "format": "csv", "runs": 2, "epochs": 3},
        "bytes": Path("all.csv").stat().st_size,
        "left_out": [],
    }
    with Path("all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["run"], row["epoch"], row["val_accuracy"]) for row in rows] == [
        *(("a", "1", "0.5"), ("a", "2", "0.75"), ("b", "1", "0.5")),
    ]
    assert [row["conv1.update_ratio"] for row in rows] == ["0.001", "", "0.001"]
    assert rows[1]["train_loss"] == ""
    assert "conv1.dead" not in rows[0]
    assert command("runs", "export", "a", "--to", "again.csv").out.splitlines()[0] == "again.csv"


def test_epochs_are_exported_as_json() -> None:
    store_run("a", metrics=EPOCHS)
    export(["a", "a"], format="json", to=Path("all.json"))
    assert json.loads(Path("all.json").read_text()) == {"a": EPOCHS}


def test_epochs_are_exported_for_tensorboard() -> None:
    pytest.importorskip("tensorboardX", reason="the extra 'tensorboard' is not installed")
    from tensorboardX.proto.event_pb2 import Event

    store_run("a", metrics=EPOCHS)
    assert export(["a"], format="tensorboard", to=Path("board")).bytes > 0
    (file,) = Path("board/a").iterdir()
    content, values = file.read_bytes(), []
    while content:  # length, its checksum, the event, its checksum
        length = int.from_bytes(content[:8], "little")
        event = Event.FromString(content[12 : 12 + length])
        content = content[16 + length :]
        values += [(event.step, each.tag, each.simple_value) for each in event.summary.value]
    assert (1, "accuracy/val", 0.5) in values
    assert (2, "accuracy/val", 0.75) in values
    assert {tag for _, tag, _ in values} == {
        *("loss/train", "accuracy/val", "run/seconds", "update_ratio/conv1")
    }


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    store_run("a", metrics=EPOCHS)
    with pytest.raises(UsageError, match=r"pip install 'cvtool\[tensorboard\]'"):
        export(["a"], format="tensorboard", to=Path("board"))


def test_runs_without_epochs_are_left_out_and_named(command: Any) -> None:
    store_run("a", metrics=EPOCHS)
    store_run("near", "knn")
    ending = command("runs", "export", "near", "a", "--to", "some.csv")
    assert ending.code == 0
    assert f"left out, as there are no epochs: {Path('runs/near')}" in ending.out
    lines = Path("some.csv").read_text().splitlines()
    assert {row["run"] for row in csv.DictReader(lines)} == {"a"}


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    store_run("a", metrics=EPOCHS)
    store_run("near", "knn")
    Path("taken.csv").write_text("mine")
    with pytest.raises(UsageError, match="does not know 'tsv': choose one of csv, json"):
        export(["a"], format="tsv", to=Path("x"))
    with pytest.raises(UsageError, match=r"there is taken\.csv already"):
        export(["a"], format="csv", to=Path("taken.csv"))
    with pytest.raises(DataError, match="has no epochs to export, as a run of 'knn'"):
        export(["near"], format="csv", to=Path("x"))
    Path("runs/a").rename(tmp_path / "moved")
    (tmp_path / "moved").rename(tmp_path / "a")
    store_run("a", metrics=EPOCHS)
    with pytest.raises(UsageError, match="have the same name"):
        export(["a", str(tmp_path / "a")], format="csv", to=Path("x"))
    assert not Path("x").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("train-cnn", "--dataset", "nowhere", "--name"),
        ("linear", "--dataset", "nowhere", "--grid", "--name"),
        ("knn", "--dataset", "nowhere", "--name"),
        ("sanity-check", "--dataset", "nowhere", "--name"),
        ("tune", "--dataset", "nowhere", "--random", "2", "--study"),
        ("data", "check", "nowhere", "--name"),
        ("data", "show", "nowhere", "--name"),
    ],
    ids=" ".join,
)
def test_a_name_that_is_taken_is_told_before_any_work(command: Any, words: Any) -> None:
    store_run("mine")
    for name, sentence in (("Mine", "there is a run 'mine' already"), ("a b", "takes up to 100")):
        ending = command(*words, name)
        assert (ending.code, ending.out) == (2, "")
        assert sentence in ending.sentence
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]
