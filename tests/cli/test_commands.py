"""Commands hand on what was said, and nothing else, and show what comes back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvtool.config import TrainConfig
from cvtool.errors import DataError

Run = Callable[..., Any]


def test_bare_command_trains_by_the_defaults(cvtool_command: Run, experiments: Any) -> None:
    assert cvtool_command("train-cnn").code == 0
    assert experiments.calls == [("train", TrainConfig())]


def test_options_become_the_configuration(cvtool_command: Run, experiments: Any) -> None:
    words = "--epochs 3 --learning-rate 1e-2 --n 2 --optimizer sgd --time-limit 60 --name mine"
    assert cvtool_command("train-cnn", *words.split()).code == 0
    config = TrainConfig(
        epochs=3, learning_rate=0.01, n=2, optimizer="sgd", time_limit=60.0, name="mine"
    )
    assert experiments.calls == [("train", config)]


def test_given_goes_before_the_file_and_the_file_before_the_defaults(
    cvtool_command: Run, experiments: Any
) -> None:
    Path("config.toml").write_text("epochs = 3\nbatch_size = 32\nlearning_rate = 1\n")
    # What is given counts even where it equals the default, 64.
    assert cvtool_command("train-cnn", "--config", "config.toml", "--batch-size", "64").code == 0
    assert experiments.calls == [
        ("train", TrainConfig(epochs=3, batch_size=64, learning_rate=1)),
    ]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("epohcs = 3", 2, "config.toml has no setting 'epohcs': did you mean 'epochs'?"),
        ("epochs = 'three'", 2, "config.toml: 'epochs' takes a whole number"),
        ("epochs = ", 3, "config.toml is not valid TOML"),
        (None, 3, "config.toml: No such file or directory"),
    ],
)
def test_files_that_do_not_fit_are_named(
    cvtool_command: Run, experiments: Any, content: str | None, code: int, words: str
) -> None:
    if content is not None:
        Path("config.toml").write_text(content)
    ending = cvtool_command("train-cnn", "--config", "config.toml")
    assert (ending.code, ending.out) == (code, "")
    assert words in ending.err
    assert not experiments.calls


def test_resume_hands_on_only_what_was_given(cvtool_command: Run, experiments: Any) -> None:
    assert cvtool_command("train-cnn", "--resume", "mine", "--epochs", "20").code == 0
    assert experiments.calls == [("resume", "mine", {"epochs": 20})]


def test_describe_shows_and_stops(cvtool_command: Run, experiments: Any) -> None:
    ending = cvtool_command("train-cnn", "--describe", "--batch-size", "8")
    assert ending.code == 0
    assert "fc-10 + softmax" in ending.out
    assert experiments.calls == [("describe", TrainConfig(batch_size=8))]
    assert json.loads(cvtool_command("train-cnn", "--describe", "--json").out)["parameters"] == 650


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("finished", 0),
        ("stopped early", 0),
        ("time limit", 0),
        ("diverged", 5),
        ("interrupted", 130),
    ],
)
def test_outcomes_end_in_their_codes(
    cvtool_command: Run, experiments: Any, outcome: str, code: int
) -> None:
    experiments.outcome = outcome
    assert cvtool_command("train-cnn").code == code


def test_json_is_one_document_and_nothing_else(cvtool_command: Run, experiments: Any) -> None:
    experiments.outcome = "diverged"
    ending = cvtool_command("train-cnn", "--json")
    said = json.loads(ending.out)
    assert ending.code == 5
    assert said["run"] == "runs/train-cnn-digits-001"
    assert said["val_loss"] is None  # not a number, which JSON has no word for
    assert set(said["verdicts"][0]) == {"check", "ok", "value", "message"}


def test_errors_leave_stdout_empty(cvtool_command: Run, experiments: Any) -> None:
    experiments.error = DataError("there are no images in pets")
    code, out, err = cvtool_command("train-cnn", "--json")
    assert (code, out) == (3, "")
    assert err.endswith("cvtool: there are no images in pets\n")


def test_evaluate_opens_the_test_set_only_when_told(cvtool_command: Run, experiments: Any) -> None:
    cvtool_command("evaluate", "mine")
    ending = cvtool_command("evaluate", "mine", "--test", "--json")
    assert experiments.calls == [("evaluate", "mine", False), ("evaluate", "mine", True)]
    said = json.loads(ending.out)
    assert (said["accuracy"], said["images"], said["opened"]) == (0.97, 297, 2)


def test_predict_names_the_class_of_each_file(cvtool_command: Run, experiments: Any) -> None:
    ending = cvtool_command("predict", "mine", "a.png", "b.png", "--json")
    assert experiments.calls == [("predict", "mine", ["a.png", "b.png"])]
    assert [(each["file"], each["label"]) for each in json.loads(ending.out)] == [
        ("a.png", "cat"),
        ("b.png", "cat"),
    ]


@pytest.mark.usefixtures("experiments")
def test_predict_shows_as_many_classes_as_wanted(cvtool_command: Run) -> None:
    assert "dog" in cvtool_command("predict", "mine", "a.png").out
    assert "dog" not in cvtool_command("predict", "mine", "a.png", "--top", "1").out


def test_python_m_cvtool_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    monkeypatch.setattr("sys.argv", ["cvtool", "--version"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("cvtool", run_name="__main__")
    assert not end.value.code
