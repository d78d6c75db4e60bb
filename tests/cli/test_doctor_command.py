"""``cvtool doctor`` answers people and scripts, and is no check that fails."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _work_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_people_get_a_line_for_every_fact(cvtool_command: Run) -> None:
    code, out, _ = cvtool_command("doctor", "--quick")
    assert code == 0
    for word in ("versions", "numba 0.", "tile", "BLAS threads", "kernels", "runs", "terminal"):
        assert word in out


def test_scripts_get_the_terminal_as_it_is(
    cvtool_command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    told = json.loads(cvtool_command("doctor", "--quick", "--json").out)["terminal"]
    assert (told["terminal"], told["width"], told["colors"]) == (False, 40, None)
    assert told["settings"]["NO_COLOR"] == "1"


def test_what_is_wrong_is_no_failure(cvtool_command: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cvtool.diagnostics.installation.LITTLE_DISK", 1e18)
    code, out, _ = cvtool_command("doctor", "--quick", "--json")
    assert (code, json.loads(out)["ok"]) == (0, False)
