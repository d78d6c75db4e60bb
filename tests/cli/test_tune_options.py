"""``cvtool tune`` offers the options of all models once, and hands on what was said."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cvtool.experiments
from cvtool.config import MODELS, TuneConfig, TuneSettings, flag, settable
from cvtool.records import Note, TuneResult

Run = Callable[..., Any]


def result(outcome: Any) -> TuneResult:
    return TuneResult(
        study="runs/mine",
        outcome=outcome,
        model="cnn",
        dataset="digits",
        seed=0,
        seconds=1.5,
        stages=(),
        trials=(),
        best=None,
        candidates=(),
        importance=(),
        verdicts=(),
        warnings=(),
        winner=None,
    )


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Replace the experiment by one that remembers what it was told, and ends as told."""
    told: list[Any] = []

    def end(*call: Any) -> Iterator[Any]:
        told.append(call)
        yield Note("reading digits")
        yield result("diverged" if "5" in str(call[-1]) else "finished")

    module = ModuleType("cvtool.experiments.tune")
    module.tune = lambda settings: end("tune", settings, settings.model.dataset)  # type: ignore[attr-defined]
    module.resume = lambda study, changes: end("resume", study, changes)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(cvtool.experiments, "tune", module, raising=False)
    monkeypatch.chdir(tmp_path)
    return told


@pytest.fixture
def helped(cvtool_command: Run, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lines of the help, none of them broken."""
    monkeypatch.setenv("COLUMNS", "500")
    return [line.strip("│ ") for line in cvtool_command("tune", "--help").out.splitlines()]


def line_of(helped: list[str], name: str) -> str:
    [line] = [line for line in helped if re.match(rf"{flag(name)}(\s|$)", line)]
    return line


def test_every_option_is_there_once(helped: list[str]) -> None:
    own = {each.name for each in fields(TuneConfig)}
    fixing = set().union(*map(settable, MODELS.values()))
    for name in sorted(own | fixing):
        assert line_of(helped, name)
    offered = {line.split()[0] for line in helped if line.startswith("--")}
    others = {"--config", "--resume", "--json", "--help"}
    assert offered == {flag(name) for name in own | fixing} | others


@pytest.mark.parametrize("model", MODELS)
def test_every_setting_is_explained_as_its_command_does(helped: list[str], model: str) -> None:
    own = {each.name for each in fields(TuneConfig)}
    for each in fields(MODELS[model]):
        if each.name in settable(MODELS[model]) - own:
            line = line_of(helped, each.name)
            assert each.metadata["help"] in line
            assert all(word in line for word in each.metadata["choices"] or ())


def test_words_tell_where_models_differ(helped: list[str]) -> None:
    assert "cnn: (FC + RELU)*k before the classifier; knn: neighbors that vote" in line_of(
        helped, "k"
    )
    assert "(default 10 for cnn, 30 for linear)" in line_of(helped, "epochs")
    assert "(default standardize for cnn, standardize for linear, none for knn)" in line_of(
        helped, "preprocess"
    )
    assert "(default digits)" in line_of(helped, "dataset")


def test_bare_command_searches_by_the_defaults(cvtool_command: Run, calls: list[Any]) -> None:
    assert cvtool_command("tune").code == 0
    assert calls == [("tune", TuneSettings.from_dict({}), "digits")]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("--random 9 --grid --seed 3 --filters 16", {"random": 9, "grid": True, "seed": 3}),
        ("--model linear --margin 2 --loss svm", {"margin": 2.0, "loss": "svm"}),
        ("--model knn --k 3 --folds 5", {"k": "3", "folds": 5}),
        ("--k 2 --warmup 0.5", {"k": 2, "warmup": 0.5}),
    ],
)
def test_options_become_settings_of_the_study_or_the_model(
    cvtool_command: Run, calls: list[Any], words: str, values: dict[str, Any]
) -> None:
    assert cvtool_command("tune", *words.split()).code == 0
    [(_, settings, _)] = calls
    said = settings.tune.to_dict() | settings.model.to_dict()
    assert {name: said[name] for name in values} == values
    own = {each.name for each in fields(TuneConfig)}
    assert settings.said == set(re.findall(r"--(\w+)", words)) - own


def test_given_goes_before_the_file(cvtool_command: Run, calls: list[Any]) -> None:
    Path("study.toml").write_text('model = "linear"\nrandom = 7\nepochs = 3\nmomentum = 0.5\n')
    assert cvtool_command("tune", "--config", "study.toml", "--epochs", "4").code == 0
    [(_, settings, _)] = calls
    assert (settings.tune.model, settings.tune.random) == ("linear", 7)
    assert (settings.model.epochs, settings.model.momentum) == (4, 0.5)
    assert settings.said == {"epochs", "momentum"}


def test_resume_hands_on_only_what_was_given(cvtool_command: Run, calls: list[Any]) -> None:
    assert cvtool_command("tune", "--resume", "mine", "--workers", "2", "--threads", "3").code == 0
    [(verb, study, changes)] = calls
    assert (verb, study, set(changes)) == ("resume", "mine", {"workers", "threads"})
    # Whose settings these are, the study decides.
    cvtool_command("tune", "--resume", "mine", "--margin", "2")
    assert calls[1][2] == {"margin": "2"}


def test_a_study_where_nothing_learns_is_told_to_scripts(cvtool_command: Run) -> None:
    assert cvtool_command("tune", "--resume", "mine", "--workers", "5").code == 5


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--model", "cnnn"), "--model does not know 'cnnn': did you mean 'cnn'?"),
        (("--sampler", "tpee"), "--sampler does not know 'tpee': did you mean 'tpe'?"),
        (("--points", "1"), "--points takes a number of at least 2, not 1"),
        (("--model", "linear", "--filters", "16"), "--filters is of --model cnn"),
        (("--epochs", "some"), "--epochs"),
        (("--time-limit", "3"), "--time-limit"),
        (("--resume", "mine", "--config", "a.toml"), "leave --config out"),
    ],
    ids=str,
)
def test_wrong_words_are_answered_at_once(
    cvtool_command: Run, calls: list[Any], words: tuple[str, ...], sentence: str
) -> None:
    ending = cvtool_command("tune", *words)
    assert (ending.code, ending.out, calls) == (2, "", [])
    assert sentence in ending.err
