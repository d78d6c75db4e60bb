"""``import cvtool`` is instant, and offers what it says."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cvtool
import cvtool.api


def run_python(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path(cvtool.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_importing_it_imports_nothing_heavy() -> None:
    loaded = run_python("import cvtool, sys; dir(cvtool); print(*sys.modules)")
    assert "cvtool" in loaded
    assert not {"numpy", "numba", "cvtool.api", "cvtool.errors", "typer"} & set(loaded)


def test_names_are_there_when_they_are_asked_for() -> None:
    code = "import cvtool, sys; cvtool.load_data; cvtool.errors.DataError; print(*sys.modules)"
    loaded = set(run_python(code))
    assert "cvtool.api" in loaded
    assert not {"sklearn", "matplotlib", "rich", "typer"} & loaded


def test_all_names_of_the_api_are_offered_and_no_others() -> None:
    assert {*cvtool.__all__} == {*cvtool.api.__all__, "__version__", "errors"}
    for name in cvtool.api.__all__:
        assert getattr(cvtool, name) is getattr(cvtool.api, name)
    assert {*cvtool.__all__} <= {*dir(cvtool)}
    plain = [name for name in dir(cvtool) if not name.startswith("_")]
    assert plain == [name for name in cvtool.__all__ if not name.startswith("_")]
    with pytest.raises(AttributeError, match="no attribute 'load_dat'"):
        cvtool.load_dat  # noqa: B018


def test_type_checkers_are_told_the_same_names() -> None:
    source = Path(cvtool.__file__)
    told = {
        alias.name
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module in ("cvtool", "cvtool.api")
        for alias in node.names
    }
    assert told == {*cvtool.__all__} - {"__version__"}
    assert (source.parent / "py.typed").exists()
