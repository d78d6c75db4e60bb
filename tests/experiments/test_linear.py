"""``linear`` from the command line to the files it leaves: what is promised is there."""

import json
import signal
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cvtool.render.plots
from cvtool.config import BLIND_SEARCHES, LINEAR_LOSSES
from cvtool.experiments import training_run
from cvtool.records import Gallery, HeatMap, Regions

Run = Callable[..., Any]

TIMES = {"seconds", "images_per_second", "run"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Remember, by name, what would be drawn."""
    seen: dict[str, Any] = {}

    def draw_pictures(pictures: list[Any], _folder: Path) -> list[Path]:
        seen.update({picture.name: picture for picture in pictures})
        return []

    monkeypatch.setattr(cvtool.render.plots, "draw_pictures", draw_pictures)
    return seen


@pytest.fixture
def learn(command: Run) -> Run:
    """Learn one matrix with ``--json``, on few images unless said otherwise."""

    def run(*words: str) -> Any:
        quick = [] if "--resume" in words or "--config" in words else ["--threads", "1"]
        return command("linear", *quick, *words, "--json")

    return run


def ended(result: dict[str, Any]) -> dict[str, Any]:
    """All that a run says but how long it took and what it is called."""
    return {name: result[name] for name in result.keys() - TIMES}


def test_the_bare_command_learns_digits(learn: Run, drawn: dict[str, Any]) -> None:
    result = learn().json
    assert result["val_accuracy"] > 0.9
    assert len(result["template_mean_correlation"]) == 10
    # What a digit looks like is what its weights look for.
    assert min(result["template_mean_correlation"]) > 0
    assert isinstance(drawn["templates"], Gallery)
    assert json.loads((Path(result["run"]) / "result.json").read_text()) == result


@pytest.mark.parametrize("loss", LINEAR_LOSSES)
def test_every_loss_learns_and_is_evaluated_as_it_was_learned(
    learn: Run, command: Run, loss: str
) -> None:
    margin = () if loss == "softmax" else ("--margin", "2")
    result = learn("--loss", loss, *margin, "--limit", "400", "--name", loss).json
    assert result["val_accuracy"] > 0.75
    seen = command("evaluate", loss, "--json").json
    assert (seen["accuracy"], seen["part"]) == (result["best_val_accuracy"], "validation")


def test_a_margin_changes_what_svm_learns(learn: Run) -> None:
    words = ("--loss", "svm", "--limit", "100", "--epochs", "15")
    one, two = (learn(*words, "--margin", margin).json for margin in ("1", "2"))
    assert one["weights_checksum"] != two["weights_checksum"]


def test_predictions_are_those_of_the_stored_pixels(
    learn: Run, command: Run, draw_image: Run
) -> None:
    for number in range(24):
        draw_image(Path("photos", "dark", f"{number}.png"), number, (8, 8))
        draw_image(Path("photos", "light", f"{number}.png"), 100 + number, (8, 8))
    assert learn("--dataset", "photos", "--name", "light").json["val_accuracy"] == 1
    files = ("photos/dark/1.png", "photos/light/1.png")
    predicted = command("predict", "light", *files, "--json").json
    assert [each["label"] for each in predicted] == ["dark", "light"]


@pytest.mark.parametrize("stop", [1, 3, 4])
def test_interrupted_runs_go_on_bit_for_bit(
    learn: Run, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    words = ("--limit", "100", "--batch-size", "32", "--epochs", "2", "--optimizer", "momentum")
    straight = learn(*words).json
    fit = training_run.fit

    def interrupted(learner: Any) -> Iterator[Any]:
        for count, record in enumerate(fit(learner), start=1):
            if count == stop:
                signal.raise_signal(signal.SIGINT)
            yield record

    monkeypatch.setattr(training_run, "fit", interrupted)
    assert learn(*words, "--name", "stopped").code == 130
    monkeypatch.setattr(training_run, "fit", fit)
    assert ended(learn("--resume", "stopped").json) == ended(straight)


def test_a_grid_finds_settings_that_the_run_then_takes(learn: Run, drawn: dict[str, Any]) -> None:
    words = ("--limit", "200", "--epochs", "3", "--learning-rate", "0.0001")
    plain = learn(*words).json
    result = learn(*words, "--grid").json
    found = drawn["grid"]
    assert isinstance(found, HeatMap)
    assert result["best_val_accuracy"] == np.nanmax(found.values)
    assert result["val_loss"] < plain["val_loss"]
    settings = tomllib.loads((Path(result["run"]) / "config.toml").read_text())
    assert settings["learning_rate"] in found.x
    assert settings["strength"] in found.y
    assert not settings["grid"]
    again = learn("--config", f"{result['run']}/config.toml").json
    assert again["weights_checksum"] == result["weights_checksum"]


def test_of_equal_accuracies_a_grid_takes_the_lower_loss(learn: Run, drawn: dict[str, Any]) -> None:
    words = ("--dataset", "blobs:images=90", "--epochs", "2")
    result = learn(*words, "--grid").json
    found = drawn["grid"]
    row, column = found.best
    assert found.values[row, column] == np.nanmax(found.values) == result["best_val_accuracy"]
    first = np.unravel_index(np.nanargmax(found.values), found.values.shape)
    rate, strength = f"{found.x[first[1]]:g}", f"{found.y[first[0]]:g}"
    other = learn(*words, "--learning-rate", rate, "--strength", strength).json
    assert result["val_loss"] < other["val_loss"]


def test_a_grid_without_a_penalty_tries_rates_alone(learn: Run, drawn: dict[str, Any]) -> None:
    learn("--limit", "100", "--epochs", "1", "--grid", "--regularization", "none")
    assert drawn["grid"].values.shape == (1, 5)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--margin", "2"), "softmax has none"),
        (("--optimizer", "random-search", "--clip", "1"), "random-search takes none"),
        (("--grid", "--learning-rate", "0"), "not 0"),
        (("--grid", "--learning-rate", "1e5"), "at most 10000, not 100000"),
        (("--grid", "--time-limit", "5"), "--grid makes many"),
    ],
)
def test_words_that_would_come_to_nothing_are_refused(
    learn: Run, words: tuple[str, ...], told: str
) -> None:
    ending = learn(*words)
    assert ending.code == 2
    assert told in ending.sentence


@pytest.mark.parametrize("optimizer", BLIND_SEARCHES)
def test_searching_blindly_learns_less_than_gradients_do(learn: Run, optimizer: str) -> None:
    words = ("--limit", "200", "--epochs", "5")
    blind = learn(*words, "--optimizer", optimizer).json
    led = learn(*words, "--optimizer", "adam", "--learning-rate", "0.01").json
    assert blind["best_val_accuracy"] < led["best_val_accuracy"]
    assert blind["val_loss"] <= np.log(10) * 2


def test_points_are_divided_by_lines(learn: Run, drawn: dict[str, Any]) -> None:
    result = learn("--dataset", "blobs:classes=3", "--epochs", "10").json
    assert result["template_mean_correlation"] is None
    regions = drawn["regions"]
    assert isinstance(regions, Regions)
    (panel,) = regions.panels
    height, width = panel.winners.shape
    x = np.linspace(*regions.x, 2 * width + 1)[1::2]
    y = np.linspace(*regions.y, 2 * height + 1)[1::2]
    assert set(np.unique(panel.winners)) == {0, 1, 2}
    # No line crosses what two cells of one class and no other lie between: near each line, two win.
    for a, b, c in regions.lines:
        sides = (a * x + b * y[:, None] + c) > 0
        assert len(np.unique(panel.winners[sides])) <= 3
        assert {*np.unique(panel.winners[sides])} != {*np.unique(panel.winners[~sides])}


def test_features_are_learned_from_instead_of_pixels(learn: Run, command: Run) -> None:
    result = learn("--features", "hog+color", "--dataset", "shapes:images=200", "--name", "f").json
    assert result["template_mean_correlation"] is None
    assert result["val_accuracy"] > 0.2
    assert command("evaluate", "f", "--json").json["accuracy"] == result["best_val_accuracy"]
    assert command("evaluate", "f", "--test", "--json").json["accuracy"] > 0.2
    ending = learn("--features", "hog", "--dataset", "blobs")
    assert (ending.code, ending.out) == (2, "")
    ending = learn("--features", "hog", "--augment", "flip")
    assert ending.code == 2
    assert "--features hog" in ending.sentence
