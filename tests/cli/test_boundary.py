"""Whatever happens ends in one sentence and the right exit code; only our bugs show a traceback."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from cvtool.cli.boundary import exit_code
from cvtool.errors import CheckFailedError, DataError, UsageError

Run = Callable[..., Any]


def ending(error: BaseException) -> int:
    def work() -> int:
        raise error

    return exit_code(work, "cvtool --help")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["trian-cnn"], "no such command 'trian-cnn': did you mean 'train-cnn'?"),
        (["train-cnn", "--epohcs", "3"], "there is no option --epohcs: did you mean --epochs?"),
        (["train-cnn", "--qqq"], "there is no option --qqq: see cvtool train-cnn --help"),
        (["train-cnn", "--epochs"], "see cvtool train-cnn --help"),
        (["train-cnn", "--epochs", "ten"], "--epochs takes a whole number, not 'ten'"),
        (["train-cnn", "--epochs", ""], "--epochs takes a whole number, not ''"),
        (["train-cnn", "--epochs", "0"], "--epochs takes a number of at least 1, not 0"),
        (["train-cnn", "--clip", "much"], "--clip takes a number, not 'much'"),
        (["train-cnn", "--learning-rate", "nan"], "--learning-rate takes a number, not nan"),
        (["train-cnn", "--optimizer", "adma"], "did you mean 'adam'?"),
        (["train-cnn", "extra"], "see cvtool train-cnn --help"),
        (["train-cnn", "--json=1"], "see cvtool train-cnn --help"),
        (["evaluate"], "missing argument 'RUN': see cvtool evaluate --help"),
        (["predict", "mine"], "missing argument 'IMAGE': see cvtool predict --help"),
        (["predict", "mine", "cat.png", "--top", "0"], "--top takes a number of at least 1, not 0"),
        (["train-cnn", "--resume", "a", "--config", "b"], "leave --config out"),
        (["train-cnn", "--resume", "a", "--describe"], "leave --describe out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_sentence(cvtool_command: Run, words: list[str], sentence: str) -> None:
    code, out, err = cvtool_command(*words)
    assert (code, out) == (2, "")
    assert err.startswith("cvtool: ")
    assert err.endswith(f"{sentence}\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("say it"), 2),
        (DataError("say it"), 3),
        (CheckFailedError("say it"), 4),
    ],
)
def test_errors_of_users_are_said_and_coded(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(error) == code
    assert capsys.readouterr() == ("", "cvtool: say it\n")


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EACCES, errno.ENOENT, errno.EROFS, errno.EISDIR]
)
def test_errors_of_the_system_come_with_a_remedy(
    number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(OSError(number, os.strerror(number), "runs/mine/result.json")) == 3
    err = capsys.readouterr().err
    assert err.startswith(f"cvtool: runs/mine/result.json: {os.strerror(number)}; ")
    assert err.count("\n") == 1


def test_errors_without_a_file_are_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(OSError(errno.ENOSPC, "No space left on device")) == 3
    assert capsys.readouterr().err.startswith("cvtool: No space left on device; free some space")


def test_too_little_memory_is_for_users_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(MemoryError()) == 2
    assert "smaller batches" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ValueError("ours"), OSError(errno.EBADF, "ours"), OSError("?")])
def test_bugs_keep_their_traceback(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(error) == 1
    err = capsys.readouterr().err
    assert err.startswith("Traceback (most recent call last):")
    assert "in work" in err
    assert err.splitlines()[-1] == (
        "cvtool: this is a bug of ours, please report it with the lines above"
    )


def test_interruption_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "")


TABLE = "from cvtool.render.console import console; console().print('x' * 10); return 0"


READERS_GONE = {
    "while text is flushed": "print('x' * 10); return 0",
    "at work": "raise BrokenPipeError",
    "while a table is printed": TABLE,
}


@pytest.mark.parametrize("words", READERS_GONE.values(), ids=READERS_GONE)
def test_a_reader_who_leaves_early_is_no_error(words: str) -> None:
    script = f"""
from cvtool.cli.boundary import exit_code
def work():
    {words}
raise SystemExit(exit_code(work, ""))
"""
    read_end, write_end = os.pipe()
    os.close(read_end)
    ended = subprocess.run([sys.executable, "-c", script], stdout=write_end, stderr=-1, text=True)
    os.close(write_end)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_stream_that_is_closed_from_the_start_is_no_error(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, name, None)
    assert exit_code(lambda: 4, "") == 4


def test_an_interruption_is_no_traceback_even_before_there_is_a_command() -> None:
    script = """
import runpy, sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
runpy.run_module("cvtool", run_name="__main__")
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.parametrize(("on_windows", "code"), [(True, 0), (False, 1)])
def test_windows_says_otherwise_that_a_reader_has_left(
    on_windows: bool, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cvtool.cli.boundary.ON_WINDOWS", on_windows)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    assert ending(OSError(errno.EINVAL, "Invalid argument")) == code
