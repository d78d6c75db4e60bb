"""``runs list``: what is found, sorted and shown of many runs, and of folders that are none."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from stored_runs import store_run, trained

from cvtool.config import ListConfig
from cvtool.errors import UsageError
from cvtool.experiments.runs_list import list_runs
from cvtool.records import RunList, plain
from cvtool.render.run_list_table import run_list_table

KEYS = st.fixed_dictionaries({}, optional={"a": st.integers(-3, 3), "b": st.sampled_from("xyz")})


def listed(**choices: Any) -> RunList:
    return list_runs(ListConfig(**choices))


def names(**choices: Any) -> list[str]:
    return [run["name"] for run in listed(**choices).runs]


@pytest.fixture
def some() -> None:
    """Store a run of each kind that lists know how to read."""
    store_run("net", result=trained(0.9), environment={"started": "2026-11-03T00:00:00+00:00"})
    store_run("matrix", "linear", result=trained(0.8, epochs=30), config={"batch_size": 128})
    best = {"k": 5, "metric": "l1", "accuracy": 0.95}
    store_run("near", "knn", result={"dataset": "shapes", "split": "val", "best": best})
    store_run("final", "knn", result={"dataset": "shapes", "split": "test", "best": best})
    best = {"params": {}, "val_accuracy": 0.97}
    store_run("study", "tune", result={"dataset": "digits", "outcome": "finished", "best": best})
    store_run("look", "data check", result={"ok": False, "dataset": "photos"})
    epochs = [{"epoch": n, "val_accuracy": n / 10, "seconds": 1.5} for n in (1, 3, 2)]
    store_run("going", metrics=epochs)


@pytest.mark.usefixtures("some")
def test_every_kind_of_run_is_summed_up_by_the_same_keys() -> None:
    rows = {run.pop("name"): tuple(run.values()) for run in map(dict, listed().runs)}
    day = "2026-11-01T10:00:00+00:00"
    assert rows["net"][3:] == ("finished", 3, 0.9, 650, 2.5)
    assert rows["near"] == ("knn", "shapes", day, "finished", None, 0.95, None, None)
    assert rows["final"][5] is None, "an accuracy on test images is none to choose by"
    assert rows["study"][3:6] == ("finished", None, 0.97)
    assert rows["look"][:4] == ("data check", "photos", day, "failed")
    assert rows["going"] == ("train-cnn", "digits", day, "stopped", 3, 0.3, None, 4.5)


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("command=knn", {"final", "near"}),
        ("command=knn split=val", {"near"}),
        ('command="data check"', {"look"}),
        ("val_accuracy>0.85 dataset=digits", {"net", "study"}),
        ("result.val_accuracy=0.5", {"net", "matrix"}),
        ("config.batch_size>=128", {"matrix"}),
        ("batch-size<200", {"matrix"}),
        ("best.k=5", {"final", "near"}),
        ("outcome~stop", {"going"}),
        ("started>2026-11-02", {"net"}),
        ("name~nothing", set()),
    ],
)
def test_conditions_choose(filter: str, expected: set[str]) -> None:
    assert set(names(filter=filter)) == expected


@pytest.mark.usefixtures("some")
def test_sorting_leaves_what_has_no_such_key_at_the_end() -> None:
    assert names(sort="val_accuracy")[:5] == ["going", "matrix", "net", "near", "study"]
    assert names(sort="-val_accuracy")[:5] == ["study", "near", "net", "matrix", "going"]
    assert names(sort="-val_accuracy")[5:] == names(sort="val_accuracy")[5:] == ["final", "look"]
    assert names()[-1] == "net", "the run that began last stands at the end"
    assert names(last=1) == ["net"]


@pytest.mark.usefixtures("some")
def test_columns_may_be_any_keys() -> None:
    found = listed(columns="name,best.k, batch-size,numpy", filter="command!=knn")
    assert found.columns == ("name", "best.k", "batch_size", "numpy")
    assert {"name": "matrix", "best.k": None, "batch_size": 128, "numpy": "2.0"} in found.runs


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"filter": "epoch=3"}, "--filter: no run has 'epoch'.*did you mean 'epochs'"),
        ({"sort": "-seeed"}, "--sort: no run has 'seeed'.*did you mean 'seed'"),
        ({"columns": "name,qqq"}, "--columns: no run has 'qqq'.*known are name, command"),
    ],
)
def test_a_key_that_no_run_has_is_told(choices: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        listed(**choices)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(st.lists(KEYS, min_size=1, max_size=6), st.integers(-3, 3), st.sampled_from("xyz"))
def test_laws_of_filters_and_sorting(
    tmp_path_factory: pytest.TempPathFactory, configs: Sequence[Any], number: int, word: str
) -> None:
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("law"))
    try:
        # One run has both keys, so that they are known.
        for place, config in enumerate([{"a": 0, "b": "x"}, *configs]):
            store_run(f"r{place}", config=config)
        everything = set(names())
        first, second = f"a<{number}", f"b={word}"
        assert set(names(filter=f"{first} {second}")) == (
            set(names(filter=first)) & set(names(filter=second))
        )
        assert set(names(filter=f"b!={word}")) == everything - set(names(filter=second))
        rows = listed(sort="a", columns="name,a").runs
        assert {run["name"] for run in rows} == everything
        known = [run["a"] for run in rows if run["a"] is not None]
        assert known == sorted(known)
        assert [run["a"] for run in rows][: len(known)] == known
        downward = listed(sort="-a", columns="a").runs
        assert [run["a"] for run in downward][: len(known)] == known[::-1]
    finally:
        os.chdir(before)


def damage(name: str, file: str, content: bytes) -> None:
    (store_run(name, result=trained(0.5)) / file).write_bytes(content)


def test_damaged_folders_are_named_and_skipped(command: Any) -> None:
    store_run("whole", result=trained(0.9))
    damage("cut", "result.json", b'{"outcome": "fin')
    damage("binary", "environment.json", b"\xff\xfe\x00")
    damage("list", "result.json", b"[1, 2]")
    (store_run("bare") / "environment.json").unlink()
    Path("runs/foreign/notes").mkdir(parents=True)
    Path("runs/.beginning-1").mkdir()
    Path("runs/README.md").write_text("mine")
    Path("runs/dangling").symlink_to("nowhere")
    ending = command("runs", "list", "--json")
    assert [run["name"] for run in ending.json["runs"]] == ["whole"]
    damaged = {each["name"]: each["reason"] for each in ending.json["damaged"]}
    assert list(damaged) == ["bare", "binary", "cut", "foreign", "list"]
    assert "has no environment.json" in damaged["bare"]
    assert "is not a run" in damaged["foreign"]
    assert all(f"! skipped {name}: " in ending.err for name in damaged)


def test_damage_in_a_file_counts_where_the_file_is_asked_for() -> None:
    store_run("whole", config={"n": 3})
    damage("broken", "config.toml", b"dataset = \n")
    assert names() == ["broken", "whole"]
    found = listed(filter="n=3")
    assert [run["name"] for run in found.runs] == ["whole"]
    assert "not valid TOML" in found.damaged[0].reason


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_named() -> None:
    (store_run("secret", result=trained(0.9)) / "result.json").chmod(0)
    found = listed()
    assert [each.reason for each in found.damaged] == ["runs/secret/result.json: Permission denied"]


def test_a_folder_in_the_place_of_a_file_is_named() -> None:
    (store_run("odd") / "result.json").mkdir()
    (damaged,) = listed().damaged
    assert damaged.reason == "runs/odd/result.json: Is a directory"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
RESULTS = st.dictionaries(
    st.sampled_from(
        ["outcome", "dataset", "epochs", "best", "best_val_accuracy", "parameters", "seconds", "ok"]
    ),
    ANYTHING,
)
EPOCH = st.dictionaries(st.sampled_from(["val_accuracy", "seconds", "epoch"]), ANYTHING)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(RESULTS, st.lists(EPOCH, max_size=2), ANYTHING, ANYTHING)
def test_whatever_files_hold_is_listed_or_named(
    tmp_path_factory: pytest.TempPathFactory, result: Any, epochs: Any, command: Any, started: Any
) -> None:
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("odd"))
    try:
        store_run("a", result=result)
        store_run("b", metrics=epochs, environment={"started": started})
        store_run("c", command, result=result)
        found = listed(sort="-val_accuracy", filter="seconds!=3")
        assert len(found.runs) + len(found.damaged) == 3
        lines = run_list_table(found, 1000).plain.split("\n")
        assert len(lines) == (len(found.runs) + 3 if found.runs else 1)
        json.dumps(plain(found), allow_nan=False)
    finally:
        os.chdir(before)


def test_names_that_move_the_cursor_are_spelled() -> None:
    store_run("odd\x1b[2J\nname", result=trained(0.5, dataset="x\ny"))
    text = run_list_table(listed(), 1000).plain
    assert "odd\\x1b[2J\\nname" in text
    assert "x\\ny" in text


def test_nothing_to_list_is_said(command: Any) -> None:
    assert command("runs", "list").out == "runs/ holds none yet\n"
    store_run("one")
    words = "no run fulfills the conditions, of 1\n"
    assert command("runs", "list", "--filter", "name=two").out == words


@pytest.mark.usefixtures("some")
def test_each_run_is_one_line_however_narrow_the_output(
    command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = command("runs", "list").out.splitlines()
    assert lines[0].split()[:3] == ["name", "command", "dataset"]
    assert len(lines) == 1 + 7 + 2
    assert "90.0 %" in next(line for line in lines if line.startswith(" net"))


@pytest.mark.usefixtures("some")
def test_wrong_words_end_in_one_sentence(command: Any) -> None:
    ending = command("runs", "list", "--filter", "val_accuracy>high")
    assert ending.code == 2
    assert ending.err.startswith("cvtool: --filter compares numbers")


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("width", [200, 80, 70, 60])
def test_a_narrow_terminal_shows_fewer_columns_and_says_so(width: int) -> None:
    lines = run_list_table(listed(), width).plain.splitlines()
    assert max(map(cell_len, lines[:-1])) <= width
    assert ("size" in lines[0]) is (width > 80)
    assert ("in a wider terminal also parameters" in lines[-1]) is (width <= 80)
