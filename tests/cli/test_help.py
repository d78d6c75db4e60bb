"""Help answers at once, as nothing heavy is imported for it, and says all there is to choose."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from stored_runs import store_run, trained

from cvtool import __version__
from cvtool.cli.examples import EXAMPLES
from cvtool.cli.main import COMMANDS, GROUPS, _invoke
from cvtool.config import TrainConfig, flag

HEAVY = {"numpy", "numba", "llvmlite", "matplotlib", "PIL", "safetensors", "pydantic", "scipy"}
LISTING = """
import sys
sys.argv = ["cvtool", *{arguments}]
from cvtool.cli.main import main
try:
    main()
finally:
    print("modules:", *(name for name in sys.modules if "." not in name))
"""


def modules_after(*arguments: str) -> set[str]:
    script = LISTING.format(arguments=arguments)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.rpartition("modules:")[2].split())


GROUPED = [[name, each] for name, group in GROUPS.items() for each in group.COMMANDS]


@pytest.mark.parametrize(
    "command", [[], *([name] for name in (*COMMANDS, *GROUPS)), *GROUPED], ids=str
)
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    assert not modules_after(*command, "--help") & HEAVY


def test_wrong_words_are_noticed_before_anything_heavy_is_imported() -> None:
    script = LISTING.format(arguments=("train-cnn", "--epochs", "0"))
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.returncode == 2
    assert not set(ended.stdout.rpartition("modules:")[2].split()) & {"numpy", "numba"}


@pytest.mark.parametrize("field", fields(TrainConfig), ids=lambda each: each.name)
def test_every_setting_is_an_option_with_its_help(
    field: Any, cvtool_command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    lines = cvtool_command("train-cnn", "--help").out.splitlines()
    line = next(line for line in lines if f" {flag(field.name)} " in line)
    assert field.metadata["help"] in line
    assert all(word in line for word in field.metadata["choices"] or ())
    if field.default is not None:
        assert f"(default {_spelled(field.default)})" in line


def test_options_stand_in_the_panels_of_their_bases(
    cvtool_command: Callable[..., Any],
) -> None:
    out = cvtool_command("train-cnn", "--help").out
    places = [out.index(f"─ {panel} ─") for panel in ("Options", "Data", "Network", "Learning")]
    assert places == sorted(places)
    assert places[1] < out.index("--dataset") < places[2] < out.index("--arch") < places[3]


def test_options_without_a_value_do_not_look_as_if_they_took_one(
    cvtool_command: Callable[..., Any],
) -> None:
    for command in ([], ["evaluate"], ["data"], ["data", "clean"]):
        assert "<bool>" not in cvtool_command(*command, "--help").out


EXAMPLE_LINES = [(name, line) for name, lines in EXAMPLES.items() for line in lines]


@pytest.mark.parametrize(("name", "line"), EXAMPLE_LINES, ids=[line for _, line in EXAMPLE_LINES])
def test_every_example_is_understood(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are understood get as far as to the experiment, which is not there."""
    monkeypatch.chdir(tmp_path)
    program, *words = shlex.split(line)
    assert (program, words[: len(name.split())]) == ("cvtool", name.split())
    for module in [*(each for each in sys.modules if each.startswith(ROOM)), ROOM]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=ROOM):
        _invoke(words)


ROOM = "cvtool.experiments"


def test_every_command_has_examples_that_its_help_ends_in(
    cvtool_command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(EXAMPLES) == {*COMMANDS, *map(" ".join, GROUPED)}
    monkeypatch.setenv("COLUMNS", "40")
    for name, lines in EXAMPLES.items():
        ending = cvtool_command(*name.split(), "--help").out.partition("Examples:\n")[2]
        assert ending.strip().splitlines() == [lines[0], *(f"   {line}" for line in lines[1:])]


@pytest.mark.parametrize("width", ["30", "63", "64"])
@pytest.mark.parametrize("command", [["train-cnn"], ["evaluate"], ["data"], []], ids=str)
def test_names_are_whole_in_narrow_terminals(
    command: list[str],
    width: str,
    cvtool_command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    out = cvtool_command(*command, "--help").out
    names = {
        "train-cnn": ["--whiten-epsilon", "--regularization"],
        "evaluate": ["RUN", "--test"],
        "data": ["--help", *GROUPS["data"].COMMANDS],
        "": ["--install-completion", *COMMANDS, *GROUPS],
    }
    for name in names[" ".join(command)]:
        assert f" {name}" in out
    before_examples = out.partition("Examples:")[0]
    assert all(len(line) <= int(width) for line in before_examples.splitlines())


def test_no_words_at_all_are_answered_with_help(cvtool_command: Callable[..., Any]) -> None:
    ending = cvtool_command()
    assert ending.code == 0
    assert all(name in ending.out for name in (*COMMANDS, *GROUPS))


@pytest.mark.parametrize("words", [(), *((name,) for name in (*COMMANDS, *GROUPS))])
def test_help_speaks_to_users_and_not_of_the_code(
    words: tuple[str, ...], cvtool_command: Callable[..., Any]
) -> None:
    ending = cvtool_command(*words, "--help")
    assert ending.out
    assert "``" not in ending.out


def test_wrong_words_point_to_the_help_of_their_group(
    cvtool_command: Callable[..., Any],
) -> None:
    assert cvtool_command("data").err.endswith("see cvtool data --help\n")
    assert cvtool_command("data", "lits").err.endswith("did you mean 'list'?\n")
    assert cvtool_command("data", "check", "--zzz").err.endswith("see cvtool data check --help\n")


def test_version(cvtool_command: Callable[..., Any]) -> None:
    assert cvtool_command("--version") == (0, f"cvtool {__version__}\n", "")


def test_terminals_without_special_signs_get_help_too() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cvtool", "train-cnn", "--help"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


def _spelled(default: Any) -> str:
    return f"{default:g}" if isinstance(default, float) else str(default)


def test_runs_are_listed_without_anything_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.chdir(tmp_path)
    store_run("one", result=trained(0.5))
    brought_by_typer = {"pydantic"}  # which reads words through it in every command
    assert not modules_after("runs", "list") & (HEAVY - brought_by_typer)
