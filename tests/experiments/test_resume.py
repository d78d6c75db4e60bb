"""A run that was stopped, at any moment and in any way, ends as if it had never been."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.processes import KilledError

from cvtool import files
from cvtool.experiments import training_run

Run = Callable[..., Any]

NOISY = (
    "conv3-4 + bn + relu + res0.5(conv3-4 + bn + relu + dropout0.3 + conv3-4) + prelu + maxpool2"
    " + fc-16 + bn + elu + dropout0.5"
)
WORDS = (
    *("--arch", NOISY, "--epochs", "3", "--augment", "shift", "--warmup", "0.5"),
    *("--optimizer", "adamw", "--max-norm", "2"),
)
TIMES = {"seconds", "images_per_second"}


def ended(run: str) -> tuple[Any, ...]:
    """Everything a run says in the end but how long it took and what it is called."""
    folder = Path("runs") / run
    result = json.loads((folder / "result.json").read_text())
    lines = map(json.loads, (folder / "metrics.jsonl").read_text().splitlines())
    epochs = [{name: line[name] for name in line.keys() - TIMES} for line in lines]
    return {name: result[name] for name in result.keys() - TIMES - {"run"}}, epochs


@pytest.fixture
def straight(train: Run) -> tuple[Any, ...]:
    """How the run ends that nothing stops."""
    assert train(*WORDS, "--name", "straight").code == 0
    return ended("straight")


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Press Ctrl-C while the loop makes its ``number``-th record."""

    def at(number: int) -> None:
        def interrupted(learner: Any) -> Iterator[Any]:
            for count, record in enumerate(fit(learner), start=1):
                if count == number:
                    signal.raise_signal(signal.SIGINT)
                yield record

        monkeypatch.setattr(training_run, "fit", interrupted)

    fit = training_run.fit
    return at


# Three steps of 16 images and the epoch make four records: the fourth is the end of an epoch.
@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 11, 12])
def test_interrupted_runs_are_saved_and_go_on_bit_for_bit(
    train: Run, straight: Any, interrupt: Run, number: int
) -> None:
    interrupt(number)
    stopped = train(*WORDS, "--name", "stopped")
    assert (stopped.code, stopped.json["outcome"]) == (130, "interrupted")
    interrupt(0)
    assert train("--resume", "stopped").code == 0
    assert ended("stopped") == straight


def test_interrupting_again_and_again_changes_nothing(
    train: Run, straight: Any, interrupt: Run
) -> None:
    interrupt(2)
    code = train(*WORDS, "--name", "stopped").code
    for _ in range(10):
        assert code in (0, 130)
        code = train("--resume", "stopped", "--threads", "1").code
    assert ended("stopped") == straight


@pytest.mark.parametrize("moment", ["before", "while", "after"])
@pytest.mark.parametrize("number", range(10))
def test_killed_while_writing_any_file(
    train: Run, straight: Any, monkeypatch: pytest.MonkeyPatch, number: int, moment: str
) -> None:
    with monkeypatch.context() as patch:
        _kill_at_write(patch, number + 2, moment)  # the first two make a run of the folder
        with pytest.raises(KilledError):
            train(*WORDS, "--name", "killed")
    assert train("--resume", "killed").code == 0
    assert ended("killed") == straight


def _kill_at_write(patch: pytest.MonkeyPatch, number: int, moment: str) -> None:
    """Die at the ``number``-th file: with half of it beside, with all of it there, or renamed."""
    write, append, count = files.write_atomically, files.append_line, iter(range(1000))

    def dying_write(path: Path, content: bytes) -> None:
        if next(count) != number:
            return write(path, content)
        if moment == "while":
            path.with_name(f".{path.name}.partial").write_bytes(content[: len(content) // 2])
        elif moment == "after":
            write(path, content)
        raise KilledError

    def dying_append(path: Path, line: str) -> None:
        if next(count) != number:
            return append(path, line)
        if moment == "while":
            with path.open("a") as file:
                file.write(line[: len(line) // 2])
        elif moment == "after":
            append(path, line)
        raise KilledError

    for room in ("files", "runs.folder", "runs.pictures", "training.checkpoint"):
        patch.setattr(f"cvtool.{room}.write_atomically", dying_write)
    patch.setattr("cvtool.runs.folder.append_line", dying_append)


def test_processes_killed_at_random_moments(train: Run, straight: Any) -> None:
    words: tuple[str, ...] = (*WORDS, "--limit", "60", "--batch-size", "16", "--name", "killed")
    for seconds in np.random.default_rng().uniform(0, 0.2, 3):
        _kill(words, seconds)
        words = ("--resume", "killed")
    assert train(*words).code == 0
    assert ended("killed") == straight


def _kill(words: tuple[str, ...], seconds: float) -> None:
    """Kill a process a while after it has begun to write."""
    before = _written()
    command = [sys.executable, "-m", "cvtool", "train-cnn", *words]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        while process.poll() is None and _written() == before:
            time.sleep(0.005)
        time.sleep(seconds)
        process.kill()


def _written() -> list[int]:
    return [path.stat().st_mtime_ns for path in Path("runs/killed").glob("c*")]


def test_more_epochs_of_a_constant_rate_are_one_longer_run(train: Run) -> None:
    words = ("--arch", NOISY, "--schedule", "constant")
    train(*words, "--epochs", "4", "--name", "long")
    train(*words, "--epochs", "2", "--name", "short")
    assert train("--resume", "short", "--epochs", "4").json["epochs"] == 4
    assert ended("short") == ended("long")
    assert "epochs = 4" in Path("runs/short/config.toml").read_text()


def test_resuming_what_has_ended_changes_nothing(train: Run, straight: Any) -> None:
    assert train("--resume", "straight").code == 0
    assert ended("straight") == straight


def test_patience_that_had_ended_is_over_still(train: Run) -> None:
    train("--learning-rate", "0", "--patience", "1", "--epochs", "9", "--name", "idle")
    before = ended("idle")
    assert train("--resume", "idle").json["outcome"] == "stopped early"
    assert ended("idle") == before
    assert train("--resume", "idle", "--patience", "3").json["epochs"] == 4


@pytest.mark.parametrize("words", [("--seed", "1"), ("--batch-size", "8"), ("--name", "other")])
def test_what_would_change_the_past_is_refused(train: Run, words: tuple[str, str]) -> None:
    train("--name", "mine")
    ending = train("--resume", "mine", *words)
    assert (ending.code, ending.out) == (2, "")
    assert f"leave {words[0]} out (only --epochs, --patience, " in ending.sentence


def test_changed_images_are_noticed(train: Run) -> None:
    images = np.random.default_rng(0).integers(0, 255, (40, 8, 8, 1), np.uint8)
    labels = np.arange(40) % 4
    np.savez("mine.npz", x_train=images, y_train=labels)
    train("--dataset", "mine.npz", "--name", "mine")
    np.savez("mine.npz", x_train=images[::-1], y_train=labels)
    ending = train("--resume", "mine")
    assert (ending.code, ending.out) == (3, "")
    assert "mine.npz has changed since" in ending.sentence


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("checkpoint/last.safetensors", b"", "is not a whole checkpoint"),
        ("checkpoint/last.safetensors", b"x" * 100, "is not a whole checkpoint"),
        ("config.toml", b"epochs =", "is not valid TOML"),
        ("environment.json", b"{", "is damaged"),
        ("metrics.jsonl", b"{\n", "is damaged"),
    ],
)
def test_damaged_runs_are_said_to_be_damaged(
    train: Run, file: str, content: bytes, words: str
) -> None:
    train("--name", "mine")
    Path("runs/mine", file).write_bytes(content)
    ending = train("--resume", "mine")
    assert (ending.code, ending.out) == (3, "")
    assert words in ending.sentence
