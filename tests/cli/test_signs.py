"""Terminals that know few signs get those that look alike, and still tell good from bad."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cvtool.cli.signs import SIGNS, spell_missing_signs


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", "+ good  x bad  8x8  -3 -> 2 +- 1 ..."),
        ("cp1252", "+ good  x bad  8×8  -3 -> 2 ± 1 …"),
        ("cp437", "+ good  x bad  8x8  -3 -> 2 ± 1 ..."),
        ("utf-8", "✓ good  ✗ bad  8×8  −3 → 2 ± 1 …"),
    ],
)
def test_what_is_missing_is_spelled_and_the_rest_is_kept(
    encoding: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    spell_missing_signs()
    stream.write("✓ good  ✗ bad  8×8  −3 → 2 ± 1 …")
    stream.flush()
    assert stream.buffer.getvalue().decode(encoding) == written


def test_signs_that_nobody_thought_of_become_question_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    spell_missing_signs()
    stream.write("貓\udcff")
    stream.flush()
    assert stream.buffer.getvalue() == b"??"


def test_all_spellings_are_known_everywhere() -> None:
    assert all(str(words).isascii() for words in SIGNS.values())


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1", "FORCE_COLOR": "1"},
        {"COLUMNS": "40"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_a_command_is_readable_wherever_it_runs(tmp_path: Path, settings: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cvtool", "doctor", "--quick"],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, **settings},
    )
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert b"core" in ended.stdout
    assert b"?" not in ended.stdout
    assert not re.search(rb"\x1b\[[\d;]*3\dm", ended.stdout)  # no color
