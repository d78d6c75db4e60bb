"""CIFAR-100 is read the same from either layout, from folders and archives, at either level."""

import io
import pickle
import tarfile
import zipfile

import numpy as np
import pytest

from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError, UsageError

FINE = [f"fine{number}" for number in range(100)]
COARSE = [f"coarse{number}" for number in range(20)]


def random_batch(seed, count=9):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 32, 32, 3)).astype(np.uint8)
    return images, random.integers(0, 100, count), random.integers(0, 20, count)


def planes_of(images):
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)


def binary(images, fine, coarse):
    labels = np.stack([coarse, fine], axis=1).astype(np.uint8)
    return np.hstack([labels, planes_of(images)]).tobytes()


def python(images, fine, coarse):
    names = [b"one.png"] * len(images)
    batch = {b"data": planes_of(images), b"filenames": names, b"batch_label": b"one"}
    batch |= {b"fine_labels": fine.tolist(), b"coarse_labels": coarse.tolist()}
    return pickle.dumps(batch, 2)


PARTS = {"train": random_batch(1), "test": random_batch(2, 4)}
META = {"fine_label_names": FINE, "coarse_label_names": COARSE}
PYTHON = {name: python(*part) for name, part in PARTS.items()} | {"meta": pickle.dumps(META, 2)}
BINARY = {f"{name}.bin": binary(*part) for name, part in PARTS.items()} | {
    f"{key}.txt": "\n".join(names).encode() for key, names in META.items()
}


def into_folder(folder, files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def into_tar(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in {"file.txt~": b"", **files}.items():
            member = tarfile.TarInfo(f"cifar-100/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def into_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"cifar-100/{name}", content)
    return path


def assert_whole(place, level, names):
    dataset = open_dataset(f"{place}:labels={level}" if level else str(place))
    for part, (images, fine, coarse) in PARTS.items():
        np.testing.assert_array_equal(dataset.parts[part].images, images)
        labels = coarse if level == "coarse" else fine
        np.testing.assert_array_equal(dataset.parts[part].labels, labels)
    assert dataset.classes == tuple(names)


@pytest.mark.parametrize(("level", "names"), [(None, FINE), ("fine", FINE), ("coarse", COARSE)])
@pytest.mark.parametrize("files", [PYTHON, BINARY], ids=["python", "binary"])
def test_both_layouts_and_levels_in_folders_and_archives(tmp_path, files, level, names):
    assert_whole(into_folder(tmp_path / "flat", files), level, names)
    into_folder(tmp_path / "outer" / "cifar-100-python", files)
    assert_whole(tmp_path / "outer", level, names)
    assert_whole(into_tar(tmp_path / "c.tar.gz", files), level, names)
    assert_whole(into_zip(tmp_path / "c.zip", files), level, names)


def test_classes_without_names_are_numbered(tmp_path):
    folder = into_folder(tmp_path / "c", {"train.bin": BINARY["train.bin"]})
    dataset = open_dataset(f"{folder}:labels=coarse")
    assert dataset.classes == tuple(map(str, range(20)))
    assert dataset.test is None


def test_only_its_two_levels_can_be_chosen(tmp_path):
    folder = into_folder(tmp_path / "c", BINARY)
    with pytest.raises(UsageError, match="'labels=' does not know 'corse': did you mean 'coarse'"):
        open_dataset(f"{folder}:labels=corse")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train.bin": BINARY["train.bin"][:-1]}, "whole number of records of 3074 bytes"),
        ({"train": PYTHON["train"][:-900], "train.bin": None}, "is no batch of CIFAR"),
        ({"train": PYTHON["train"]}, "holds train in both layouts"),
        (
            {"train": pickle.dumps({"data": 1}), "train.bin": None},
            "data of n×3072 bytes and n fine",
        ),
        ({"fine_label_names.txt": b"a a"}, "must name each class once"),
        ({"fine_label_names.txt": b"only one"}, "but there are only the classes 0 to 1"),
    ],
)
def test_damage_is_told_with_the_file(tmp_path, change, words):
    files = {name: each for name, each in (BINARY | change).items() if each is not None}
    with pytest.raises(DataError, match=words):
        open_dataset(str(into_folder(tmp_path / "c", files)))


def test_an_archive_of_something_else_is_told(tmp_path):
    files = {f"{number}.png": b"" for number in range(5)}
    for archive in (into_tar(tmp_path / "c.tar.gz", files), into_zip(tmp_path / "c.zip", files)):
        with pytest.raises(DataError, match=r"holds neither CIFAR-10 nor CIFAR-100 \(it has .*, …"):
            open_dataset(str(archive))
