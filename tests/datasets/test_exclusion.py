"""Images are left out by their names, whatever the names are made of."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.dataset import Dataset, Examples, Files
from cvtool.datasets.exclusion import exclude, read_exclusions, write_exclusions
from cvtool.datasets.opening import open_dataset
from cvtool.datasets.split import split, whole
from cvtool.errors import DataError, UsageError

file_names = (
    st.binary(min_size=1, max_size=30).map(os.fsdecode).filter(lambda name: "\0" not in name)
)


def dataset(count=6, files=None):
    images = np.arange(count, dtype=np.uint8).reshape(-1, 1, 1, 1)
    labels = np.arange(count) % 2
    return Dataset(
        "some", ("a", "b"), Examples(images, labels, files), test=Examples(images, labels)
    )


def files(*names):
    sizes, modes = np.ones((len(names), 2), np.int32), np.full(len(names), "L")
    return Files(names, sizes, modes, {})


@given(st.lists(st.tuples(file_names, st.text(max_size=20)), max_size=5))
def test_a_list_is_read_as_it_was_written(tmp_path_factory, reasons):
    file = tmp_path_factory.mktemp("lists") / "list.txt"
    printable = [(name, reason.encode(errors="replace").decode()) for name, reason in reasons]
    write_exclusions(file, printable)
    assert read_exclusions(file) == [name for name, _ in printable]


def test_lists_written_by_hand(tmp_path):
    file = tmp_path / "list.txt"
    file.write_bytes(b"# a comment\ncat/1.png\r\n\ndog/2.png\tblurred\n")
    assert read_exclusions(file) == ["cat/1.png", "dog/2.png"]


def test_names_are_files_or_parts_with_numbers():
    by_number, found = dataset().without(["train/0", "train/5", "test/1", "train/99", "train/x"])
    assert found == 3
    assert by_number.train.kept.tolist() == [1, 2, 3, 4]
    assert by_number.test.kept.tolist() == [0, 2, 3, 4, 5]
    named = dataset(3, files("a/1.png", "a/2.png", "b/1.png"))
    assert named.name_of("train", 1) == "a/2.png"
    assert named.name_of("test", 1) == "test/1"
    assert named.without(["a/2.png", "train/0"])[0].train.kept.tolist() == [0, 2]


def test_what_is_left_out_is_never_used():
    rest, _ = dataset(20).without(f"train/{number}" for number in range(0, 20, 3))
    assert whole(rest.train).indices.tolist() == rest.train.kept.tolist()
    parts = split(rest, val_fraction=0.3, limit=None, seed=0)
    used = np.concatenate([parts.train.indices, parts.validation.indices])
    assert sorted(used) == rest.train.kept.tolist()


def test_the_checksum_knows_what_is_left_out():
    all_of_it = dataset()
    once, _ = all_of_it.without(["train/0"])
    twice, _ = once.without(["train/0", "train/1"])
    assert len({each.checksum for each in (all_of_it, once, twice)}) == 3
    assert once.checksum == all_of_it.without(["train/0", "no/such"])[0].checksum


def test_a_list_of_another_data_set_is_refused(tmp_path):
    file = tmp_path / "list.txt"
    write_exclusions(file, [("cat/1.png", "damaged"), ("cat/2.png", "damaged")])
    with pytest.raises(
        UsageError, match=r"lists 2 images, none of which is in some .*'cat/1\.png'"
    ):
        exclude(dataset(), file)
    write_exclusions(file, [])
    assert exclude(dataset(), file).train.kept.size == 6


def test_a_list_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot read --exclude"):
        open_dataset("digits", excluded=str(tmp_path / "none.txt"))
