"""Names, paths and what is said of those that lead nowhere."""

import pytest

from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError, UsageError


@pytest.mark.parametrize(
    ("name", "words"),
    [("digit", "did you mean 'digits'"), ("imagenet", "embedded are digits")],
)
def test_an_unknown_name_gets_a_hint(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=words):
        open_dataset(name)


def test_a_path_that_is_not_there_gets_a_hint(tmp_path):
    (tmp_path / "flowers").mkdir()
    with pytest.raises(DataError, match=r"no file or folder .*flower'.*did you mean .*flowers'"):
        open_dataset(str(tmp_path / "flower"))
    with pytest.raises(DataError, match="check the spelling"):
        open_dataset(str(tmp_path / "no" / "where.npz"))


def test_a_file_of_another_kind_is_told(tmp_path):
    for content in (b"", b"hello"):
        (tmp_path / "notes.txt").write_bytes(content)
        with pytest.raises(DataError, match=r"notes\.txt is no data set that is known"):
            open_dataset(str(tmp_path / "notes.txt"))


def test_only_folders_of_images_are_resized():
    with pytest.raises(UsageError, match="the images of digits are 8×8: leave it out"):
        open_dataset("digits", image_size=16)
    assert open_dataset("digits", image_size=8).image_shape == (8, 8, 1)
