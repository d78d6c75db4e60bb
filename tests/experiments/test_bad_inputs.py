"""What a user can get wrong ends in one sentence and the right exit code, and costs no run."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--dataset", "digts"), 2, "did you mean 'digits'?"),
        (("--dataset", "data/there"), 3, "there is no file or folder 'data/there'"),
        (("--dataset", "words.txt"), 3, "words.txt is no data set that is known"),
        (("--dataset", "empty"), 3, "empty is no data set that is known"),
        (("--dataset", ""), 2, "no file or folder here is called ''"),
        (("--image-size", "16"), 2, "--image-size resizes image files only"),
        (("--limit", "3"), 2, "no image can be held out for validation"),
        (("--augment", "filp"), 2, "did you mean 'flip'?"),
        (("--augment", "none,flip"), 2, "asks for none and for more"),
        (("--arch", "conv3-4 + maxpool2*4"), 2, "maxpool2"),
        (("--arch", "conv3-4 + rleu"), 2, "did you mean 'relu'?"),
        (("--arch", "fc-3 + softmax"), 2, "--arch ends in fc-3"),
        (("--arch", "fc-16 + relu + svm", "--loss", "softmax"), 2, "--arch ends in svm"),
        (("--arch", "mlp", "--n", "2"), 2, "--arch already says all of the network"),
        (("--threads", "1000"), 2, "--threads takes at most"),
        (("--name", "a/b"), 2, "--name takes"),
        (("--name", ""), 2, "--name takes"),
        (("--resume", "mine"), 3, "there is no run 'mine'"),
        (("--config", "there.toml"), 3, "there.toml: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_one_sentence_and_no_run(
    train: Run, words: tuple[str, ...], code: int, sentence: str
) -> None:
    Path("words.txt").write_text("words")
    Path("empty").mkdir()
    ending = train(*words)
    assert (ending.code, ending.out) == (code, "")
    assert sentence in ending.err
    assert "Traceback" not in ending.err
    assert not list(Path().glob("runs/*"))


def test_a_taken_name_is_refused_and_the_run_kept(train: Run) -> None:
    first = train("--name", "mine").json
    ending = train("--name", "mine", "--seed", "1")
    assert (ending.code, ending.out) == (2, "")
    assert "--resume mine" in ending.sentence
    assert first["weights_checksum"] in Path("runs/mine/result.json").read_text()


def test_a_file_where_runs_belong_is_named(train: Run) -> None:
    Path("runs").write_text("in the way")
    ending = train()
    assert (ending.code, ending.out) == (3, "")
    assert ending.sentence.startswith("cvtool: runs: ")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write to any folder"
)
def test_a_folder_that_cannot_be_written_is_named(train: Run) -> None:
    Path("runs").mkdir(mode=0o500)
    ending = train()
    assert (ending.code, ending.out) == (3, "")
    assert "Permission denied; change its permissions" in ending.sentence


def test_a_full_disk_leaves_the_earlier_checkpoint_whole(
    train: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    train("--name", "mine")
    before = Path("runs/mine/checkpoint/last.safetensors").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        ending = train("--resume", "mine", "--epochs", "2")
    assert (ending.code, ending.out) == (3, "")
    assert "No space left on device; free some space" in ending.sentence
    assert Path("runs/mine/checkpoint/last.safetensors").read_bytes() == before
    assert not list(Path("runs").rglob("*.partial"))
    assert train("--resume", "mine", "--epochs", "2").json["epochs"] == 2


def test_a_disk_that_fills_up_during_a_run_ends_it_in_a_sentence(
    train: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = iter(range(5))

    def filling(_: int) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", filling)
        ending = train("--name", "mine", "--epochs", "9")
    assert (ending.code, ending.out) == (3, "")
    assert ending.sentence.startswith("cvtool: runs/mine/")
    assert load_file("runs/mine/checkpoint/last.safetensors")
    assert train("--resume", "mine").json["epochs"] == 9
