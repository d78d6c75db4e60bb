"""``train-cnn`` from the command line to the files it leaves: what is promised is there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from cvtool.config import (
    INITIALIZATIONS,
    LOSSES,
    OPTIMIZERS,
    PREPROCESSINGS,
    REGULARIZATIONS,
    SCHEDULES,
)
from cvtool.datasets.preprocessing_chain import WHITENINGS
from cvtool.models.architectures import ARCHITECTURES

Run = Callable[..., Any]

PROMISED = {
    *("run", "dataset", "seed", "epochs", "parameters", "train_loss", "train_accuracy"),
    *("val_loss", "val_accuracy", "best_val_accuracy", "images_per_second", "seconds", "verdicts"),
}
EVERY_CHOICE = [
    *(("--loss", each) for each in LOSSES),
    *(("--optimizer", each) for each in OPTIMIZERS),
    *(("--schedule", each) for each in SCHEDULES),
    *(("--regularization", each) for each in REGULARIZATIONS),
    *(("--init", each) for each in INITIALIZATIONS),
    *(("--preprocess", each) for each in PREPROCESSINGS if each not in WHITENINGS),
    *(("--augment", each) for each in ("none", "flip", "shift", "flip,shift")),
    *(("--clip", "0.1"), ("--max-norm", "1"), ("--warmup", "0.5"), ("--dtype", "float64")),
    ("--arch", "conv3-4 + relu + avgpool2 + maxout2 + fc-8 + tanh + svm"),
    ("--dropout", "0.3"),
]
NOISY = (
    "conv3-4 + bn + relu + res0.5(conv3-4 + bn + relu + dropout0.3 + conv3-4) + prelu + maxpool2"
    " + fc-16 + bn + elu + dropout0.5"
)


def test_the_bare_command_learns_digits_and_leaves_a_whole_run(command: Run) -> None:
    ending = command("train-cnn", "--limit", "200", "--epochs", "2", "--json")
    assert ending.code == 0
    assert ending.json.keys() >= PROMISED
    assert (ending.json["dataset"], ending.json["epochs"]) == ("digits", 2)
    assert ending.json["val_accuracy"] > 0.15  # one who guesses has 0.1
    assert all(
        each.keys() == {"check", "ok", "value", "message"} for each in ending.json["verdicts"]
    )
    run = Path(ending.json["run"])
    assert json.loads((run / "result.json").read_text()) == ending.json
    assert len((run / "metrics.jsonl").read_text().splitlines()) == 2
    assert {path.name for path in run.iterdir()} == {
        *("config.toml", "environment.json", "network.json", "metrics.jsonl", "checkpoint"),
        *("pictures.safetensors", "result.json"),
    }


def test_people_get_tables_and_pictures(command: Run, pictures: list[Path]) -> None:
    ending = command("train-cnn", "--limit", "60", "--epochs", "1", "--name", "mine")
    assert ending.code == 0
    assert "runs/mine" in ending.out
    assert "loss changes" in ending.out
    assert "1/1" in ending.err
    assert pictures == [Path("runs/mine/plots")]


@pytest.mark.parametrize("choice", EVERY_CHOICE, ids=" ".join)
def test_every_choice_trains(train: Run, choice: tuple[str, str]) -> None:
    ending = train(*choice)
    assert ending.code == 0
    assert ending.json["epochs"] == 1


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_named_architecture_trains_on_digits(train: Run, name: str) -> None:
    assert train("--arch", name, "--limit", "30").code == 0


def test_bits_do_not_depend_on_threads(train: Run) -> None:
    checksums = {
        train("--arch", NOISY, "--augment", "shift", "--threads", each).json["weights_checksum"]
        for each in ("1", "2")
    }
    assert len(checksums) == 1


def test_another_seed_is_another_run(train: Run) -> None:
    assert train().json["weights_checksum"] != train("--seed", "1").json["weights_checksum"]


def test_a_configuration_repeats_its_run(train: Run) -> None:
    first = train("--arch", NOISY, "--schedule", "one-cycle", "--clip", "1", "--name", "first").json
    again = train("--config", "runs/first/config.toml").json
    assert again["run"] != first["run"]
    assert again["weights_checksum"] == first["weights_checksum"]
    other = train("--config", "runs/first/config.toml", "--seed", "3").json
    assert other["weights_checksum"] != first["weights_checksum"]


def test_writing_the_im2col_matrix_down_learns_alike(train: Run) -> None:
    direct = train("--conv", "direct", "--dtype", "float64", "--epochs", "2").json
    written = train("--conv", "im2col", "--dtype", "float64", "--epochs", "2").json
    assert written["train_loss"] == pytest.approx(direct["train_loss"], rel=1e-9)
    assert written["val_accuracy"] == direct["val_accuracy"]


def test_weights_have_the_precision_asked_for(train: Run) -> None:
    for dtype in ("float32", "float64"):
        run = train("--dtype", dtype).json["run"]
        arrays = load_file(f"{run}/checkpoint/last.safetensors")
        weights = [array for name, array in arrays.items() if name.startswith("network/")]
        assert {array.dtype for array in weights} == {np.dtype(dtype)}


def test_divergence_is_a_verdict_and_keeps_the_last_good_weights(train: Run) -> None:
    rash = ("--learning-rate", "1e6", "--optimizer", "sgd", "--init", "he", "--name", "rash")
    ending = train(*rash, "--epochs", "3")
    assert (ending.code, ending.json["outcome"]) == (5, "diverged")
    unwell = [verdict for verdict in ending.json["verdicts"] if not verdict["ok"]]
    assert any("--learning-rate" in verdict["message"] for verdict in unwell)
    arrays = load_file("runs/rash/checkpoint/last.safetensors")
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_a_loss_that_explodes_diverges_before_it_is_no_number(train: Run) -> None:
    ending = train("--learning-rate", "1e6", "--optimizer", "sgd", "--init", "he")
    assert (ending.code, ending.json["outcome"]) == (5, "diverged")


def test_patience_ends_a_run_that_gets_no_better(train: Run) -> None:
    ending = train("--learning-rate", "0", "--patience", "2", "--epochs", "50")
    assert (ending.code, ending.json["outcome"], ending.json["epochs"]) == (0, "stopped early", 3)


def test_a_time_limit_ends_a_run_in_good_order(train: Run) -> None:
    ending = train("--time-limit", "0.2", "--epochs", "100000", "--name", "short")
    assert (ending.code, ending.json["outcome"]) == (0, "time limit")
    assert train("--resume", "short", "--time-limit", "0.1").json["outcome"] == "time limit"


def test_describing_trains_nothing_and_writes_nothing(command: Run) -> None:
    ending = command("train-cnn", "--describe", "--arch", "(conv3-8 + relu + maxpool2)*3")
    assert ending.code == 0
    assert "maxpool2" in ending.out
    assert not Path("runs").exists()
    said = command("train-cnn", "--describe", "--batch-size", "32", "--json").json
    assert sum(row["parameters"] for row in said["rows"]) == said["parameters"]
    assert said["batch_size"] == 32


def test_a_share_to_drop_is_a_layer_before_the_classifier(command: Run) -> None:
    said = command("train-cnn", "--dropout", "0.3", "--describe", "--json").json
    assert said["formula"].endswith("relu + dropout0.3 + fc-10 + softmax")
    assert "dropout0.3" in command("train-cnn", "--dropout", "0.3", "--describe").out


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        ("1", "--dropout takes a number of less than 1, not 1.0"),
        ("-0.1", "--dropout takes a number of at least 0, not -0.1"),
        ("nan", "--dropout takes a number, not nan"),
    ],
)
def test_no_share_beyond_its_bounds_is_dropped(command: Run, share: str, sentence: str) -> None:
    ending = command("train-cnn", "--dropout", share)
    assert (ending.code, sentence in ending.err) == (2, True)


def test_dropping_nothing_learns_the_same_bits(train: Run) -> None:
    plain = train().json["weights_checksum"]
    assert train("--dropout", "0").json["weights_checksum"] == plain
    assert train("--dropout", "0.3").json["weights_checksum"] != plain


def test_a_run_writes_down_where_it_drops(train: Run) -> None:
    first = train("--dropout", "0.3", "--name", "first").json
    written = Path("runs/first/config.toml").read_text()
    assert "+ dropout0.3 + fc-10 + softmax" in written
    assert "dropout =" not in written
    again = train("--config", "runs/first/config.toml", "--name", "again").json
    assert again["weights_checksum"] == first["weights_checksum"]
    other = train("--config", "runs/first/config.toml", "--dropout", "0.5").json
    assert other["arch"] == first["arch"].replace("dropout0.3", "dropout0.5")


def test_a_run_that_drops_goes_on_as_if_it_had_never_stopped(train: Run) -> None:
    straight = train("--dropout", "0.3", "--epochs", "2", "--schedule", "constant").json
    train("--dropout", "0.3", "--epochs", "1", "--schedule", "constant", "--name", "half")
    resumed = train("--resume", "half", "--epochs", "2").json
    assert resumed["weights_checksum"] == straight["weights_checksum"]
