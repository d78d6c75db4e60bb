"""Points in the plane are learned like images; what only pictures allow is refused or left out."""

from collections.abc import Callable
from typing import Any

import pytest

import cvtool.render.plots

Run = Callable[..., Any]

LEARNING = ("--arch", "fc-64 + bn + relu", "--learning-rate", "0.01", "--epochs", "5")


@pytest.mark.parametrize(("name", "learned"), [("spiral", 0.85), ("blobs", 0.99)])
def test_points_are_learned_and_evaluated(
    train: Run, command: Run, name: str, learned: float
) -> None:
    words = ("--dataset", f"{name}:images=2000,noise=0.1", "--limit", "2000", "--name", "mine")
    assert train(*words, *LEARNING).json["best_val_accuracy"] > learned
    ending = command("evaluate", "mine", "--test", "--json")
    assert (ending.json["images"], ending.json["accuracy"] > learned) == (1000, True)


@pytest.mark.parametrize("name", ["spiral", "checkerboard"])
def test_a_linear_classifier_cannot_learn_what_winds_or_alternates(train: Run, name: str) -> None:
    words = ("--dataset", f"{name}:images=1000", "--limit", "1000", "--arch", "linear")
    result = train(*words, "--epochs", "5", "--learning-rate", "0.05").json
    assert result["best_val_accuracy"] < 0.65


@pytest.mark.slow
def test_the_default_network_learns_the_default_spiral(command: Run) -> None:
    assert command("train-cnn", "--dataset", "spiral", "--json").json["best_val_accuracy"] > 0.95


def test_mistakes_of_points_have_no_picture(train: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(cvtool.render.plots, "draw", lambda findings, _: seen.append(findings))
    assert train("--dataset", "checkerboard", "--arch", "linear").code == 0
    [findings] = seen
    assert findings.confusion.trace() < findings.confusion.sum()
    assert findings.mistakes == ()


@pytest.mark.parametrize("words", ["flip", "shift", "flip,shift"])
def test_points_cannot_be_augmented(train: Run, words: str) -> None:
    ending = train("--dataset", "spiral", "--arch", "linear", "--augment", words)
    assert (ending.code, ending.out) == (2, "")
    assert "--augment changes pictures, and spiral has points in the plane" in ending.sentence


def test_image_files_are_no_points(
    train: Run, command: Run, draw_image: Run, tmp_path: Any
) -> None:
    assert train("--dataset", "blobs", "--arch", "linear", "--name", "mine").code == 0
    ending = command("predict", "mine", str(draw_image(tmp_path / "image.png", 100)))
    assert (ending.code, ending.out) == (3, "")
    assert "mine has learned points in the plane, which no image file shows" in ending.sentence
