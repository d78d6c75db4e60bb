"""Files survive a kill and a full disk."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool import files
from cvtool.errors import DataError, UsageError
from cvtool.files import (
    append_line,
    check_folder_name,
    parse_json,
    read_lines,
    read_toml,
    write_atomically,
)

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


@pytest.mark.parametrize("opening", ["[" * 100_000, "9" * 5_000], ids=["brackets", "digits"])
def test_what_no_parser_comes_to_the_end_of_is_damaged(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"seed = {opening}")
    with pytest.raises(DataError, match=r"config\.toml is not valid TOML"):
        read_toml(path)
    with pytest.raises(DataError, match="line 3 is damaged and cannot be read as JSON"):
        parse_json(opening, source="line 3")


class Busy:
    """Stands in for a file that others have open, so many times, as Windows sees it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.left, self.slept = times, 0.0
        self._replace = Path.replace
        monkeypatch.setattr(files, "ON_WINDOWS", True)
        monkeypatch.setattr("time.sleep", self._sleep)
        monkeypatch.setattr(Path, "replace", lambda path, target: self._try(path, target))

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds

    def _try(self, path: Path, target: Path) -> Path:
        self.left -= 1
        if self.left >= 0:
            raise PermissionError(errno.EACCES, "used by another process")
        return self._replace(path, target)


def test_windows_is_asked_again_while_others_read_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"
    write_atomically(path, b"earlier")
    busy = Busy(monkeypatch, times=3)
    write_atomically(path, b"later")
    assert path.read_bytes() == b"later"
    assert busy.slept == pytest.approx(3 * files.PAUSE)


def test_a_file_that_stays_open_is_an_error_and_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"
    write_atomically(path, b"earlier")
    busy = Busy(monkeypatch, times=10_000)
    with pytest.raises(PermissionError) as caught:
        write_atomically(path, b"later")
    assert caught.value.filename == str(path)
    assert busy.slept == pytest.approx(files.PATIENCE, abs=2 * files.PAUSE)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"earlier"]


def test_a_folder_that_is_there_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Busy(monkeypatch, times=10_000)
    for name in ("new", "there"):
        (tmp_path / name).mkdir()
    with pytest.raises(PermissionError):
        files.take_place(tmp_path / "new", tmp_path / "there")
    assert busy.slept == 0


@pytest.mark.parametrize(
    "name", ["a", "first", "_x", "größe", "2024-01.b", "console", "com10", "a.con"]
)
def test_names_that_any_system_takes(name: str) -> None:
    check_folder_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("CON", "nul", "Aux", "prn", "com1", "LPT9", "con.txt", "NUL.tar.gz", "com¹"),
        *(
            "",
            ".",
            "..",
            ".hidden",
            "a.",
            "a ",
            "a/b",
            "a\\b",
            "a:b",
            "a*",
            "a?",
            'a"',
            "a|b",
            "a<b",
        ),
        *("a\n", "x" * 101, "-a"),
    ],
)
def test_names_that_some_system_refuses(name: str) -> None:
    with pytest.raises(UsageError, match=r"^--study takes "):
        check_folder_name(name, "--study")
