"""``--keep-every``: checkpoints of epochs on the way, the same however a run came by."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from reference.processes import KilledError
from safetensors.numpy import load_file

from cvtool.config import MODELS, settable
from cvtool.experiments import training_run
from cvtool.runs import RunFolder
from cvtool.training import checkpoint

Run = Callable[..., Any]

NOISY = "conv3-4 + bn + relu + maxpool2 + dropout0.3"
WORDS = ("--arch", NOISY, "--schedule", "constant", "--optimizer", "momentum")


def kept(run: str) -> dict[int, dict[str, bytes]]:
    """All arrays of the checkpoints that a run has kept, by epoch."""
    found = RunFolder.open(run).kept_checkpoints()
    return {
        epoch: {name: array.tobytes() for name, array in load_file(path).items()}
        for epoch, path in found.items()
    }


def arrays(path: Path) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in load_file(path).items()}


def test_they_are_where_shorter_runs_end(train: Run) -> None:
    train(*WORDS, "--epochs", "5", "--keep-every", "2", "--name", "long")
    assert sorted(path.name for path in Path("runs/long/checkpoint").iterdir()) == [
        *("best.safetensors", "epoch-0002.safetensors", "epoch-0004.safetensors"),
        "last.safetensors",
    ]
    for epochs in (2, 4):
        train(*WORDS, "--epochs", str(epochs), "--name", f"short-{epochs}")
        assert kept("long")[epochs] == arrays(
            Path(f"runs/short-{epochs}/checkpoint/last.safetensors")
        )
        loaded = checkpoint.load(Path(f"runs/long/checkpoint/epoch-{epochs:04d}.safetensors"))
        assert loaded.progress.epoch == epochs + 1


@pytest.mark.parametrize("command_name", ["train-cnn", "linear"])
def test_keeping_changes_no_bit(command: Run, command_name: str) -> None:
    words = ("--limit", "60", "--epochs", "3", "--threads", "1", "--json")
    plain = command(command_name, *words, "--name", "plain").json
    keeping = command(command_name, *words, "--name", "keeping", "--keep-every", "1").json
    assert plain["weights_checksum"] == keeping["weights_checksum"]
    assert list(kept("keeping")) == [1, 2, 3]
    assert kept("plain") == {}


# Three steps of 16 images and the epoch make four records.
@pytest.mark.parametrize("number", [1, 4, 6, 8, 13])
def test_a_resumed_run_keeps_the_same(
    train: Run, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    words = (*WORDS, "--epochs", "4", "--keep-every", "2")
    train(*words, "--name", "straight")
    fit = training_run.fit

    def interrupted(learner: Any) -> Iterator[Any]:
        for count, record in enumerate(fit(learner), start=1):
            if count == number:
                signal.raise_signal(signal.SIGINT)
            yield record

    with monkeypatch.context() as patch:
        patch.setattr(training_run, "fit", interrupted)
        assert train(*words, "--name", "stopped").code == 130
    assert train("--resume", "stopped").code == 0
    assert kept("stopped") == kept("straight")


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("number", range(9))
def test_a_killed_run_keeps_the_same(
    train: Run, monkeypatch: pytest.MonkeyPatch, number: int, is_written: bool
) -> None:
    words = (*WORDS, "--epochs", "3", "--keep-every", "1")
    train(*words, "--name", "straight")
    write, count = checkpoint.write_atomically, iter(range(1000))

    def dying(path: Path, content: bytes) -> None:
        is_last = next(count) == number
        if is_written or not is_last:
            write(path, content)
        if is_last:
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "write_atomically", dying)
        with pytest.raises(KilledError):
            train(*words, "--name", "killed")
    assert train("--resume", "killed").code == 0
    assert kept("killed") == kept("straight")


def test_what_was_kept_of_epochs_that_are_forgotten_goes(train: Run) -> None:
    train(*WORDS, "--epochs", "4", "--keep-every", "1", "--name", "mine")
    folder = RunFolder.open("mine")
    before = kept("mine")
    # As a kill leaves it that came before the last checkpoint was written.
    folder.last_checkpoint.write_bytes(folder.kept_checkpoints()[2].read_bytes())
    assert train("--resume", "mine", "--keep-every", "4").code == 0
    assert kept("mine") == {epoch: before[epoch] for epoch in (1, 2, 4)}


def test_it_can_be_asked_for_later(train: Run, command: Run) -> None:
    train(*WORDS, "--epochs", "2", "--name", "mine")
    assert train("--resume", "mine", "--epochs", "4", "--keep-every", "2").code == 0
    assert list(kept("mine")) == [4]
    assert command("runs", "rerun", "mine", "--name", "again").code == 0
    assert list(kept("again")) == [2, 4]


def test_other_files_are_no_checkpoints(train: Run) -> None:
    train("--keep-every", "1", "--name", "mine")
    folder = RunFolder.open("mine")
    (folder.path / "checkpoint" / "epoch-last.safetensors").write_bytes(b"")
    (folder.path / "checkpoint" / ".epoch-0007.safetensors.partial").write_bytes(b"")
    assert list(folder.kept_checkpoints()) == [1]


def test_a_study_keeps_none(command: Run) -> None:
    assert not any("keep_every" in settable(model) for model in MODELS.values())
    ending = command("tune", "--keep-every", "2")
    assert (ending.code, ending.out) == (2, "")
