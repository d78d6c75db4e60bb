"""Shells are offered commands, options, words, runs and data sets, as they ask for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvtool.cli.main import COMMANDS, GROUPS
from cvtool.config import CONVOLUTIONS, OPTIMIZERS

SHELLS = ("bash", "zsh", "fish")
Offer = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def _work_among_runs_and_data_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CVTOOL_DATA", raising=False)
    for path in ("runs/first", "runs/second", "runs/.beginning-1"):
        Path(path).mkdir(parents=True)
        Path(path, "config.toml").touch()
    Path("data/pets").mkdir(parents=True)
    Path("data/pets/dataset.json").write_text("{}")


def asked(shell: str, line: str) -> dict[str, str]:
    """Give what a shell sets when somebody presses the tab key at the end of a line."""
    variables = {"_CVTOOL_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
    if shell == "bash":
        return variables | {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    return variables | {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}


@pytest.fixture
def offered(cvtool_command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Return what bash is offered: a word a line."""

    def offer(line: str) -> list[str]:
        for name, value in asked("bash", line).items():
            monkeypatch.setenv(name, value)
        ending = cvtool_command()
        assert (ending.code, ending.err) == (0, "")
        return list(ending.out.split())

    return offer


def test_commands_are_offered(offered: Offer) -> None:
    assert set(offered("cvtool ")) == {*COMMANDS, *GROUPS}
    assert offered("cvtool data ch") == ["check"]


def test_options_are_offered(offered: Offer) -> None:
    assert offered("cvtool train-cnn --ep") == ["--epochs"]
    assert {"--quick", "--json", "--help"} <= set(offered("cvtool doctor --"))


def test_words_to_choose_from_are_offered(offered: Offer) -> None:
    assert offered("cvtool train-cnn --conv ") == list(CONVOLUTIONS)
    assert offered("cvtool train-cnn --optimizer ada") == ["adagrad", "adam", "adamw"]
    assert offered("cvtool export first --format p") == ["pytorch"]
    assert set(offered("cvtool tune --optimizer ")) > set(OPTIMIZERS)  # also those of linear


def test_several_words_are_offered_one_after_the_other(offered: Offer) -> None:
    assert offered("cvtool knn --metric l1,") == ["l1,l2", "l1,cosine"]
    assert offered("cvtool data show digits --preprocess channel-mean,z") == ["channel-mean,zca"]


def test_names_of_what_is_built_and_tested_and_explained_are_offered(offered: Offer) -> None:
    assert offered("cvtool train-cnn --arch len") == ["lenet", "lenet-bn"]
    assert offered("cvtool knn --features hog+c") == ["hog+color"]
    assert offered("cvtool claims --only k1-perfect,derivative") == [
        "k1-perfect,derivative-of-reciprocal"
    ]
    assert offered("cvtool explain units-l") == ["units-live"]


@pytest.mark.parametrize("command", ["evaluate", "predict", "train-cnn --resume", "tune --resume"])
def test_runs_are_offered(offered: Offer, command: str) -> None:
    assert offered(f"cvtool {command} ") == ["first", "second"]
    assert offered(f"cvtool {command} f") == ["first"]


@pytest.mark.parametrize("command", ["knn --dataset", "data check"])
def test_data_sets_are_offered(offered: Offer, command: str) -> None:
    assert {"digits", "shapes", "pets"} <= set(offered(f"cvtool {command} "))
    assert offered(f"cvtool {command} pe") == ["pets"]


def test_what_can_be_fetched_is_offered(offered: Offer) -> None:
    assert offered("cvtool data fetch cifar-") == ["cifar-10", "cifar-100"]


def test_nothing_is_offered_where_something_is_wrong(
    offered: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("cvtool.runs.run_names", fail)
    assert offered("cvtool evaluate ") == []
    assert offered("cvtool train-cnn --config ") == []  # the shell offers files


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_is_answered_in_its_way(shell: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cvtool"],
        capture_output=True,
        text=True,
        env={**os.environ, **asked(shell, "cvtool train-cnn --conv i")},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    answer = {"zsh": """_arguments '*: :(("im2col"))'"""}.get(shell, "im2col")
    assert ended.stdout == f"{answer}\n"


ASKING = """
import sys
sys.argv = ["cvtool"]
from cvtool.cli.main import main
try:
    main()
finally:
    print("heavy:", {"numpy", "numba"} & set(sys.modules))
"""


def test_words_are_offered_without_importing_anything_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ASKING],
        capture_output=True,
        text=True,
        env={**os.environ, **asked("bash", "cvtool train-cnn --optimizer ")},
    )
    assert ended.stdout.endswith("heavy: set()\n")
    assert "adam" in ended.stdout


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash to complete in")
def test_bash_completes_by_the_script_that_is_shown(tmp_path: Path) -> None:
    command = tmp_path / "cvtool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cvtool "$@"\n')
    command.chmod(0o755)
    lines = """
    eval "$(cvtool --show-completion)"
    COMP_WORDS=(cvtool evaluate s) COMP_CWORD=2
    _cvtool_completion cvtool
    echo "offered: ${COMPREPLY[*]}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", lines],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )
    assert ended.stdout == "offered: second\n", ended.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_installed_where_the_shell_looks(
    shell: str, cvtool_command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, shell))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    ending = cvtool_command("--install-completion")
    assert ending.code == 0
    places = {
        "bash": ".bash_completions/cvtool.sh",
        "zsh": ".zfunc/_cvtool",
        "fish": ".config/fish/completions/cvtool.fish",
    }
    assert "_CVTOOL_COMPLETE" in (tmp_path / places[shell]).read_text()


def test_an_unknown_shell_is_wrong_usage(
    cvtool_command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("xonsh", "xonsh"))
    assert cvtool_command("--show-completion").code == 2
