"""``runs compare``: what differs between runs, and whether one does better by more than chance."""

from pathlib import Path
from typing import Any

import pytest
from stored_runs import store_run, trained

import cvtool.render.plots
from cvtool.diagnostics.intervals import wilson
from cvtool.errors import DataError, UsageError
from cvtool.experiments.runs_compare import compare
from cvtool.records import RunComparison


def compared(*names: str) -> RunComparison:
    *_, result = compare(names)
    assert isinstance(result, RunComparison)
    return result


def test_two_runs_on_the_same_images(train: Any, command: Any) -> None:
    train("--name", "short")
    train("--name", "long", "--epochs", "8", "--learning-rate", "0.01")
    evaluated = {
        name: command("evaluate", name, "--json").json["accuracy"] for name in ("short", "long")
    }
    ending = command("runs", "compare", "short", "long", "--json")
    found = ending.json
    (pair,) = found["pairs"]
    assert pair["accuracies"] == list(evaluated.values())
    images = pair["images"]
    assert pair["intervals"] == [
        list(wilson(round(accuracy * images), images)) for accuracy in evaluated.values()
    ]
    assert found["difference"] == pytest.approx(evaluated["long"] - evaluated["short"])
    assert found["interval"][0] <= found["difference"] <= found["interval"][1]
    assert (pair["only_second"] - pair["only_first"]) / images == pytest.approx(found["difference"])
    assert {key: found[key] for key in ("p_value", "verdict")} == {
        key: pair[key] for key in ("p_value", "verdict")
    }
    settings = {each["name"]: each["values"] for each in found["settings"]}
    assert settings == {"epochs": [1, 8], "learning_rate": [0.001, 0.01]}
    curves = {(each["run"], each["name"]): each for each in found["curves"]}
    assert len(curves[str(Path("runs/long")), "val_loss"]["values"]) == 8
    out = command("runs", "compare", "short", "long").out
    assert all(words in out for words in ("settings that differ", "best val accuracy", "long −"))


def test_a_run_differs_from_itself_in_nothing(train: Any) -> None:
    train("--name", "a")
    train("--name", "b")
    found = compared("a", "b")
    assert found.settings == ()
    assert (found.difference, found.p_value) == (0.0, 1.0)
    assert found.verdict == "both are right on the very same images"


def test_a_matrix_is_compared_with_a_network(train: Any, command: Any) -> None:
    train("--name", "net")
    words = ("--limit", "60", "--epochs", "2", "--threads", "1")
    command("linear", *words, "--name", "matrix", "--learning-rate", "0.1")
    found = compared("net", "matrix")
    assert found.pairs[0].images
    assert next(each for each in found.settings if each.name == "command").values == (
        *("train-cnn", "linear"),
    )
    names = {each.name for each in found.settings}
    assert {"arch", "learning_rate"} <= names
    assert not names & {"margin", "grid", "conv"}, "defaults that only one of the commands has"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--seed", "1"), "hold other images out for validation: they differ in --seed"),
        (("--val-fraction", "0.3"), "they differ in --val-fraction"),
        (("--dataset", "shapes:images=60,size=8"), "learned from other images"),
    ],
)
def test_other_images_are_no_comparison(train: Any, words: Any, reason: str) -> None:
    train("--name", "a")
    train("--name", "b", *words)
    found = compared("a", "b")
    assert (found.difference, found.interval, found.p_value) == (None, None, None)
    assert reason in found.verdict


def test_each_of_many_is_held_against_the_first(train: Any, command: Any) -> None:
    train("--name", "a")
    train("--name", "b", "--learning-rate", "0.01")
    command("knn", "--limit", "60", "--name", "near", "--threads", "1")
    found = compared("a", "near", "b", "a")
    assert found.runs == tuple(str(Path("runs", name)) for name in ("a", "near", "b"))
    near, network = found.pairs
    assert (near.first, near.second, network.second) == ("a", "near", "b")
    assert "near is of knn" in near.verdict
    assert network.p_value is not None
    assert {curve.run for curve in found.curves} == {str(Path("runs/a")), str(Path("runs/b"))}
    results = {each.name: each.values for each in found.results}
    assert results["best.k"] == (None, 5, None)


def test_runs_without_weights_are_compared_by_what_they_say() -> None:
    facts = {"environment": {"data_checksum": "same"}}
    store_run("a", result=trained(0.9), **facts)
    store_run("b", result=trained(0.8, outcome="diverged"), **facts)
    found = compared("a", "b")
    assert {each.name: each.values for each in found.results} == {
        "outcome": ("finished", "diverged"),
        "epochs": (3, 3),
        "val_accuracy": (0.9, 0.8),
        "parameters": (650, 650),
        "seconds": (2.5, 2.5),
    }
    assert found.p_value is None
    assert "does not say what the images were" in found.verdict


def test_wrong_words_are_told() -> None:
    store_run("a", result=trained(0.9))
    with pytest.raises(UsageError, match="takes two runs or more, not a alone"):
        compared("a")
    with pytest.raises(UsageError, match="takes two runs or more"):
        compared("a", "runs/a")
    with pytest.raises(DataError, match="there is no run 'aa': did you mean 'a'"):
        compared("a", "aa")


def test_curves_are_drawn_where_that_is_asked_for(train: Any, command: Any) -> None:
    train("--name", "a", "--epochs", "2")
    train("--name", "b", "--epochs", "3")
    assert command("runs", "compare", "a", "b", "--picture", "both.jpg").code == 2
    ending = command("runs", "compare", "a", "b", "--picture", "both.png", "--json")
    assert ending.code == 0
    assert Path("both.png").read_bytes().startswith(b"\x89PNG")
    assert cvtool.render.plots.draw_compared_curves(compared("a", "b")).axes
