"""A folder is replaced as a whole or not at all, and what kills leave is removed."""

import os
import time
from pathlib import Path

import pytest

from cvtool.runs.replacing import replacing


def write(folder: Path, text: str) -> None:
    with replacing(folder) as filled:
        (filled / text).write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_and_is_replaced_with_all_that_was_in_it(tmp_path: Path) -> None:
    for text in ("one", "two"):
        write(tmp_path / "inside", text)
        assert names(tmp_path) == ["inside"]
        assert names(tmp_path / "inside") == [text]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_goes_wrong_changes_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with replacing(tmp_path / "inside") as filled:
            (filled / "two").write_text("half")
            raise error

    write(tmp_path / "inside", "one")
    with pytest.raises(error):
        fail()
    assert names(tmp_path) == ["inside"]
    assert names(tmp_path / "inside") == ["one"]


def test_the_earlier_folder_comes_back_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "inside", "one")
    rename = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "filled":
            raise PermissionError
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write(tmp_path / "inside", "two")
    assert names(tmp_path) == ["inside"]
    assert names(tmp_path / "inside") == ["one"]


def test_a_place_that_is_not_there_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), replacing(tmp_path / "nowhere" / "in"):
        pytest.fail("there is nothing to fill")


def test_what_a_kill_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for age, name in ((2 * 24 * 3600, ".inside-old"), (60, ".inside-new")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    write(tmp_path / "inside", "one")
    assert names(tmp_path) == [".inside-new", "inside"]
