"""Help answers at once, as nothing heavy is imported for it, and says all there is to choose."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from stored_runs import store_run, trained

from cvtool import __version__
from cvtool.cli.main import COMMANDS, GROUPS
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


def test_no_words_at_all_are_answered_with_help(cvtool_command: Callable[..., Any]) -> None:
    ending = cvtool_command()
    assert ending.code == 0
    assert all(name in ending.out for name in (*COMMANDS, *GROUPS))


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
