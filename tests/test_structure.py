"""The house stands as planned: rooms, names, short functions, a script that starts."""

import ast
from pathlib import Path

import pytest

import cvtool

ROOT = Path(__file__).parents[1]
SOURCES = sorted(Path(cvtool.__file__).parent.rglob("*.py"))
LONGEST_FUNCTION = 50


def test_rooms_import_downwards_only(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = pytest.importorskip("importlinter.cli", reason="the import rules need import-linter")
    monkeypatch.chdir(ROOT)
    assert cli.lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [source for source in SOURCES if source.stem in vague]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_functions_are_short_and_say_what_they_do(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.body:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_every_file_says_what_it_is_for() -> None:
    silent = [
        source
        for source in SOURCES
        if source.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(source.read_text(encoding="utf-8")))
    ]
    assert not silent
