"""Names, paths and what is said of those that lead nowhere."""

from pathlib import Path

import numpy as np
import pytest

from cvtool.datasets.dataset import Dataset, Examples, Files
from cvtool.datasets.embedded.registry import EMBEDDED, Embedded
from cvtool.datasets.exclusion import write_exclusions
from cvtool.datasets.layouts.stored import write_stored
from cvtool.datasets.opening import damaged, located, open_as_it_is, open_dataset, unlabeled
from cvtool.errors import DataError, UsageError


@pytest.mark.parametrize(
    ("name", "words"),
    [("digit", "did you mean 'digits'"), ("imagenet", "known are digits")],
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


def test_names_win_over_paths_and_are_found_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_stored(open_dataset("digits"), Path("data/mine"), source="digits")
    Path("mine").mkdir()
    assert open_dataset("mine").checksum == open_dataset("digits").checksum
    with pytest.raises(DataError, match="mine is no data set that is known"):
        open_dataset("./mine")
    with pytest.raises(UsageError, match="did you mean 'mine'"):
        open_dataset("min")


def test_paths_are_written_out_and_names_of_files_are_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_stored(open_dataset("digits"), Path("data/mine"), source="digits")
    Path("digits").mkdir()
    assert located("mine") == str(tmp_path / "data" / "mine")
    assert located("./digits:labels=coarse") == f"{tmp_path / 'digits'}:labels=coarse"
    assert located("digits") == "digits"
    assert located("shapes:images=90,size=16") == "shapes:images=90,size=16"
    with pytest.raises(DataError, match="no file or folder"):
        located("./nothing")


def test_what_can_be_fetched_says_so():
    with pytest.raises(UsageError, match="fetch it with 'cvtool data fetch cifar-10'"):
        open_dataset("cifar-10")


def broken(labels=(0, 1, 0, 1), **damaged):
    count = len(labels)
    sizes, modes = np.ones((count, 2), np.int32), np.full(count, "L")
    names = tuple(f"{number}.png" for number in range(count))
    files = Files(names, sizes, modes, {int(at[1:]): why for at, why in damaged.items()})
    images = np.zeros((count, 1, 1, 1), np.uint8)
    return Dataset("some", ("a", "b"), Examples(images, np.array(labels), files))


@pytest.fixture
def opens(monkeypatch):
    """Let the name ``some`` stand for a data set made here."""

    def embed(dataset):
        entry = Embedded("", 4, 0, 2, (1, 1, 1), lambda *_: dataset)
        monkeypatch.setitem(EMBEDDED, "some", entry)

    return embed


def test_damaged_images_are_refused_unless_left_out(opens, tmp_path):
    opens(broken(_1="cut off", _3="no format"))
    with pytest.raises(
        DataError, match=r"cannot read 1\.png and 1 more files of some .*\(cut off\)"
    ):
        open_dataset("some")
    file = tmp_path / "list.txt"
    write_exclusions(file, [("1.png", "cut off"), ("3.png", "")])
    assert open_dataset("some", excluded=str(file)).train.kept.tolist() == [0, 2]
    assert damaged(open_as_it_is("some").train).tolist() == [1, 3]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (-1, r"2\.png of some has no label"),
        (2, r"2\.png of some has the label 2 but .* 0 to 1"),
    ],
)
def test_labels_that_are_no_class_are_refused_unless_left_out(opens, tmp_path, label, words):
    opens(broken(labels=(0, 1, label, 0)))
    with pytest.raises(DataError, match=words):
        open_dataset("some")
    file = tmp_path / "list.txt"
    write_exclusions(file, [("2.png", "")])
    assert len(open_dataset("some", excluded=str(file)).train.kept) == 3
    assert unlabeled(open_as_it_is("some").train, 2).tolist() == [2]


@pytest.mark.parametrize("name", EMBEDDED)
def test_what_is_said_of_embedded_data_sets_is_so(name):
    dataset, said = open_dataset(name), EMBEDDED[name]
    assert len(dataset.train) == said.images
    assert len(dataset.test) == said.test_images
    assert len(dataset.classes) == said.classes
    assert dataset.image_shape == said.shape
