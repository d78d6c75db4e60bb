"""The winner is a file that its command takes, and says where it is from."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cvtool.config import MODELS, TuneSettings
from cvtool.experiments.study_plan import Plan, settle
from cvtool.experiments.winner import write_winner
from cvtool.records import Candidate
from cvtool.runs import RunFolder


def written(candidate: Candidate, **values: Any) -> tuple[str, Any]:
    """Write a winner; return its first line, and the configuration that it makes."""
    settings = TuneSettings.from_dict(values)
    plan: Plan = settle(settings)
    folder = RunFolder.create(settings.tune.study, "tune", config=plan.settings, facts={})
    path = write_winner(folder, plan, candidate)
    assert path == folder.path / "winner.toml"
    assert path.read_text().count("#") == 1
    config = MODELS[settings.tune.model]
    return path.read_text().splitlines()[0], config.from_dict(tomllib.loads(path.read_text()))


@pytest.mark.parametrize(
    ("model", "params"),
    [
        ("cnn", {"learning_rate": 0.003, "strength": 1e-5, "dropout": 0.25, "batch_size": 32}),
        ("linear", {"learning_rate": 0.3, "loss": "svm", "batch_size": 64, "strength": 0.1}),
        ("knn", {"k": 7, "metric": "cosine", "preprocess": "mean-image"}),
    ],
)
def test_its_command_takes_it_with_all_that_was_fixed(model: str, params: dict[str, Any]) -> None:
    _, config = written(Candidate(params, 0.9, 0.0, (0.9,)), model=model, limit=60, seed=3)
    assert {name: str(getattr(config, name)) for name in params} == {
        name: str(value) for name, value in params.items()
    }
    assert (config.limit, config.seed) == (60, 3)


def test_it_says_whose_best_it_is() -> None:
    best = Candidate({"learning_rate": 0.1}, 0.98765, 0.01, (0.98, 0.99, 0.99))
    line, _ = written(best, study="mine")
    assert line == ("# The best of runs/mine: validation accuracy 98.77%, the mean of 3 seeds.")
    line, _ = written(Candidate({"learning_rate": 0.1}, 0.5, 0.0, (0.5,)), study="other")
    assert line.endswith("validation accuracy 50.00%, the mean of 1 seed.")


def test_it_learns_as_long_as_the_last_stage() -> None:
    best = Candidate({"learning_rate": 0.1}, 0.9, 0.0, (0.9,))
    assert written(best, epochs=4)[1].epochs == 4
    assert written(best, epochs=4, stages="5x1,3x20")[1].epochs == 20


def test_numbers_of_filters_are_written_as_text() -> None:
    values = {"search": "filters=8|16, dropout=0..0.5", "m": 1}
    best = Candidate({"filters": 8, "dropout": 0.25}, 0.9, 0.0, (0.9,))
    assert written(best, **values)[1].filters == "8"


def test_what_is_of_the_study_alone_is_left_out() -> None:
    best = Candidate({"learning_rate": 0.1}, 0.9, 0.0, (0.9,))
    written(best, study="mine", workers=2, repeats=1)
    names = tomllib.loads(Path("runs/mine/winner.toml").read_text()).keys()
    assert not names & {"study", "workers", "repeats", "search", "model", "name"}
