"""Files survive a kill and a full disk."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.errors import DataError
from cvtool.files import append_line, parse_json, read_lines, read_toml, write_atomically

LINES = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1))


def _full_disk(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_writing_replaces_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "file"
    write_atomically(path, b"long content")
    write_atomically(path, b"short")
    assert path.read_bytes() == b"short"
    assert list(path.parent.iterdir()) == [path]


def test_full_disk_leaves_the_earlier_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"earlier")
    monkeypatch.setattr(os, "fsync", _full_disk)
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(path, b"later")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_interruption_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "file"
    write_atomically(path, b"earlier")
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"later")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"earlier"]


@given(lines=LINES, kept=st.integers(min_value=0), more=LINES)
def test_any_kill_costs_at_most_the_last_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], kept: int, more: list[str]
) -> None:
    path = tmp_path_factory.mktemp("killed") / "lines"
    for line in lines:
        append_line(path, line)
    written = path.read_bytes() if lines else b""
    torn = written[: kept % (len(written) + 1)]
    path.write_bytes(torn)
    whole = torn.decode().split("\n")[:-1]
    assert read_lines(path) == whole
    for line in more:
        append_line(path, line)
    assert read_lines(path) == whole + more


def test_missing_file_has_no_lines(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "none") == []


def test_damaged_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"result\.json is damaged"):
        parse_json("{", source="result.json")
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff = ")
    with pytest.raises(DataError, match=r"config\.toml is not valid TOML"):
        read_toml(path)
