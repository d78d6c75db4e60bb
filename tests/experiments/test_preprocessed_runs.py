"""A run keeps its preprocessing: who comes back to it sees the same numbers, to the last bit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file

from cvtool.datasets.preprocessing import Preprocessing

Run = Callable[..., Any]

CHAINS = [
    "channel-mean,zca",
    pytest.param("pca-whiten", marks=pytest.mark.slow),
    pytest.param("standardize,zca,standardize", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("chain", CHAINS)
def test_whitened_runs_are_evaluated_as_they_were_trained(
    train: Run, command: Run, draw_image: Run, chain: str
) -> None:
    result = train("--preprocess", chain, "--limit", "300", "--epochs", "2", "--name", "mine").json
    said = command("evaluate", "mine", "--json").json
    assert said["accuracy"] == result["best_val_accuracy"]
    last = json.loads(Path("runs/mine/metrics.jsonl").read_text().splitlines()[-1])
    if last["best"]:
        assert said["loss"] == last["val_loss"]
    file = str(draw_image(Path("one.png"), 100, (8, 8), "L"))
    alone = command("predict", "mine", file, "--json").json[0]
    among = command("predict", "mine", file, file, "--json").json
    assert among == [alone, alone]


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_whitened_run_goes_on_as_if_it_had_never_stopped(
    train: Run, monkeypatch: pytest.MonkeyPatch, dtype: str
) -> None:
    words = ("--preprocess", "zca", "--augment", "shift", "--schedule", "constant")
    words = (*words, "--dtype", dtype)
    long = train(*words, "--epochs", "2", "--name", "long").json
    train(*words, "--epochs", "1", "--name", "short")
    monkeypatch.setattr(Preprocessing, "fitting", None)  # it is in the checkpoint
    short = train("--resume", "short", "--epochs", "2").json
    assert short["weights_checksum"] == long["weights_checksum"]
    arrays = [load_file(f"runs/{run}/checkpoint/last.safetensors") for run in ("long", "short")]
    assert "preprocessing/matrix" in arrays[0]
    assert all(arrays[0][name].tobytes() == arrays[1][name].tobytes() for name in arrays[0])


@pytest.mark.slow
def test_bits_do_not_depend_on_threads(train: Run) -> None:
    checksums = {
        train("--preprocess", "zca", "--threads", each).json["weights_checksum"]
        for each in ("1", "2")
    }
    assert len(checksums) == 1


@pytest.mark.slow
def test_epsilon_is_heard(train: Run) -> None:
    words = ("--preprocess", "zca", "--whiten-epsilon")
    checksums = {train(*words, each).json["weights_checksum"] for each in ("0.1", "0.01")}
    assert len(checksums) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--preprocess", "zcaa"), "did you mean 'zca'?"),
        (("--preprocess", "none,zca"), "asks for none and for more"),
        (("--preprocess", "pca-whiten", "--augment", "flip"), "take --augment none, or zca"),
        (("--preprocess", "zca", "--whiten-epsilon", "0"), "--whiten-epsilon takes"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(
    train: Run, words: tuple[str, ...], sentence: str
) -> None:
    ending = train(*words, "--dataset", "nowhere")
    assert (ending.code, ending.out) == (2, "")
    assert sentence in ending.sentence
