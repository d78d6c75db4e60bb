"""The program's own layout: whole or not there, mapped, and the same data set as before."""

import json
import os
import time
from types import SimpleNamespace

import numpy as np
import pytest

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.in_the_making import abandoned_folders
from cvtool.datasets.layouts.stored import read_stored, stored_sets, write_stored
from cvtool.datasets.opening import open_dataset
from cvtool.datasets.request import Request
from cvtool.errors import DataError, UsageError
from cvtool.records import WorkRecord


def dataset(dtype=np.uint8, count=9, **parts):
    random = np.random.default_rng(count)
    images = random.integers(0, 256, (count, 4, 3, 3)).astype(dtype)
    return Dataset("some", ("a", "b"), Examples(images, np.arange(count) % 2), **parts)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CVTOOL_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "mine"


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_what_is_stored_is_what_was_given(folder, dtype):
    given = dataset(dtype, validation=dataset(dtype, 2).train, test=dataset(dtype, 3).train)
    write_stored(given, folder, source="here")
    stored = open_dataset("mine")
    assert stored.checksum == given.checksum
    assert stored.classes == given.classes
    assert stored.name == "mine"
    assert isinstance(stored.train.images, np.memmap)
    for name, part in given.parts.items():
        np.testing.assert_array_equal(stored.parts[name].images, part.images)
        np.testing.assert_array_equal(stored.parts[name].labels, part.labels)


def test_images_that_are_left_out_are_not_stored(folder, monkeypatch):
    monkeypatch.setattr("cvtool.datasets.mapped._BYTES_AT_ONCE", 100)
    rest, _ = dataset().without(["train/0", "train/4"])
    told = []
    write_stored(rest, folder, source="here", progress=told.append)
    np.testing.assert_array_equal(
        open_dataset("mine").train.images, rest.train.images[[1, 2, 3, 5, 6, 7, 8]]
    )
    assert told[-1] == WorkRecord("storing train image", 7, 7)


def test_a_stop_leaves_nothing_that_could_be_taken_for_whole(folder):
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_stored(dataset(), folder, source="here", progress=stop)
    assert list(folder.parent.iterdir()) == []


def test_what_a_kill_leaves_is_not_a_data_set(folder):
    write_stored(dataset(), folder, source="here")
    killed = folder.with_name(".unfinished-abc")
    folder.rename(killed)
    assert stored_sets(folder.parent) == {}
    assert abandoned_folders(folder.parent) == []
    for path in (killed, *killed.iterdir()):
        os.utime(path, (0, time.time() - 601))
    assert abandoned_folders(folder.parent) == [killed]
    assert abandoned_folders(folder) == []


def test_names_are_never_overwritten(folder):
    write_stored(dataset(), folder, source="here")
    with pytest.raises(UsageError, match="there is a data set 'mine' already"):
        write_stored(dataset(count=4), folder, source="there")
    assert len(open_dataset("mine").train) == 9


def test_a_disk_without_room_is_told(folder, monkeypatch):
    full = SimpleNamespace(free=10)
    monkeypatch.setattr("cvtool.datasets.layouts.stored.shutil.disk_usage", lambda _: full)
    with pytest.raises(DataError, match="make room, or set CVTOOL_DATA"):
        write_stored(dataset(), folder, source="here")
    assert not folder.exists()


def damage_json(folder):
    (folder / "dataset.json").write_text("{")


def forget_classes(folder):
    (folder / "dataset.json").write_text(json.dumps({"parts": {"train": 9}, "source": ""}))


def invent_a_part(folder):
    facts = json.loads((folder / "dataset.json").read_text())
    facts["parts"]["../../etc"] = 3
    (folder / "dataset.json").write_text(json.dumps(facts))


def cut_images(folder):
    file = folder / "train-images.npy"
    file.write_bytes(file.read_bytes()[:200])


def swap_arrays(folder):
    (folder / "train-labels.npy").replace(folder / "train-images.npy")


def lose_labels(folder):
    (folder / "train-labels.npy").unlink()


def pickle_labels(folder):
    np.save(folder / "train-labels.npy", np.array([{}] * 9), allow_pickle=True)


@pytest.mark.parametrize(
    "damage",
    [
        damage_json,
        forget_classes,
        invent_a_part,
        cut_images,
        swap_arrays,
        lose_labels,
        pickle_labels,
    ],
)
def test_damage_is_told_in_a_sentence(folder, damage):
    write_stored(dataset(), folder, source="here")
    damage(folder)
    with pytest.raises(
        DataError, match=r"mine.*(damaged|import it again|No such file|describes no)"
    ):
        open_dataset("mine")


def test_parts_of_different_shapes_are_refused(folder):
    write_stored(dataset(test=dataset(np.float32, 3).train), folder, source="here")
    with pytest.raises(DataError, match="of different shapes"):
        read_stored(Request(folder))
