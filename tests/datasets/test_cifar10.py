"""CIFAR-10 is read the same from either layout, from folders and from archives."""

import io
import pickle
import tarfile
import zipfile

import numpy as np
import pytest

from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError

NAMES = [f"class{number}" for number in range(10)]


def random_batch(seed, count=7):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (count, 32, 32, 3)).astype(np.uint8)
    return images, random.integers(0, 10, count)


def planes_of(images):
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)


def binary(images, labels):
    return np.hstack([labels[:, None].astype(np.uint8), planes_of(images)]).tobytes()


def python(images, labels, protocol=2):
    batch = {b"data": planes_of(images), b"labels": labels.tolist(), b"batch_label": b"one"}
    return pickle.dumps(batch, protocol)


BATCHES = {"data_batch_2": random_batch(2), "data_batch_5": random_batch(5, 3)}
TEST = {"test_batch": random_batch(6, 4)}
PYTHON = {name: python(*batch) for name, batch in (BATCHES | TEST).items()} | {
    "batches.meta": pickle.dumps({"label_names": NAMES, "num_vis": 3072}, 0)
}
BINARY = {f"{name}.bin": binary(*batch) for name, batch in (BATCHES | TEST).items()} | {
    "batches.meta.txt": ("\n".join(NAMES) + "\n\n").encode()
}


def into_folder(folder, files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def into_tar(path, files, mode):
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./cifar-10/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def into_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"cifar-10/{name}", content)
    return path


def assert_whole(dataset, classes=tuple(NAMES)):
    images = np.concatenate([images for images, _ in BATCHES.values()])
    labels = np.concatenate([labels for _, labels in BATCHES.values()])
    np.testing.assert_array_equal(dataset.train.images, images)
    np.testing.assert_array_equal(dataset.train.labels, labels)
    np.testing.assert_array_equal(dataset.test.images, TEST["test_batch"][0])
    np.testing.assert_array_equal(dataset.test.labels, TEST["test_batch"][1])
    assert dataset.classes == classes
    assert dataset.train.images.flags.c_contiguous


@pytest.mark.parametrize("files", [PYTHON, BINARY], ids=["python", "binary"])
def test_both_layouts_in_folders_and_archives(tmp_path, files):
    assert_whole(open_dataset(str(into_folder(tmp_path / "flat", files))))
    into_folder(tmp_path / "outer" / "inner", files)
    assert_whole(open_dataset(str(tmp_path / "outer")))
    for name, mode in (("c.tar", "w"), ("c.tar.gz", "w:gz"), ("c.tgz", "w:gz"), ("c.xz", "w:xz")):
        assert_whole(open_dataset(str(into_tar(tmp_path / name, files, mode))))
    assert_whole(open_dataset(str(into_zip(tmp_path / "c.zip", files))))


@pytest.mark.parametrize("protocol", range(6))
def test_every_pickle_protocol_is_understood(tmp_path, protocol):
    files = {n: python(*batch, protocol=protocol) for n, batch in (BATCHES | TEST).items()}
    dataset = open_dataset(str(into_folder(tmp_path / "c", files)))
    assert_whole(dataset, classes=dataset.classes)
    assert dataset.classes[0] == "airplane"


def test_no_test_batch_is_no_test_part(tmp_path):
    files = {"data_batch_1.bin": binary(*random_batch(0))}
    dataset = open_dataset(str(into_folder(tmp_path / "c", files)))
    assert dataset.test is None
    assert len(dataset.train) == 7


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"data_batch_1.bin": b"x" * 3074}, "records of 3073 bytes but has 3074"),
        ({"data_batch_1.bin": b""}, "records of 3073 bytes but has 0"),
        ({"data_batch_1.bin": b"\x0b" * 3073}, "the label 11 but there are only"),
        ({"test_batch.bin": binary(*random_batch(0))}, "none of data_batch_1"),
        ({"data_batch_1": PYTHON["data_batch_2"][:-900]}, "is no batch of CIFAR"),
        ({"data_batch_1": b"no pickle"}, "is no batch of CIFAR"),
        ({"data_batch_1": pickle.dumps([1])}, "is no batch of CIFAR"),
        ({"data_batch_1": pickle.dumps({"data": 3})}, "must hold data of"),
        ({"data_batch_2": PYTHON["data_batch_2"], **BINARY}, "data_batch_2 twice"),
        ({**BINARY, "batches.meta.txt": b"a a"}, "must name each class once"),
    ],
)
def test_damage_is_told_with_the_file(tmp_path, files, words):
    folder = into_folder(tmp_path / "c", files)
    with pytest.raises(DataError, match=words) as caught:
        open_dataset(str(folder))
    assert "c" in str(caught.value)
    assert ": " in str(caught.value)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_cut_archives_are_damaged(tmp_path, share):
    for name in ("c.tar.gz", "c.tar.xz"):
        whole = into_tar(tmp_path / name, BINARY, f"w:{name[-2:]}").read_bytes()
        (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(DataError, match=r"is damaged|is no data set"):
            open_dataset(str(tmp_path / name))


def test_members_too_large_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("cvtool.datasets.layouts.archives.LARGEST", 1000)
    for archive in (
        into_zip(tmp_path / "c.zip", BINARY),
        into_tar(tmp_path / "c.tar", BINARY, "w"),
    ):
        with pytest.raises(DataError, match="too large for batches"):
            open_dataset(str(archive))


def test_nothing_leaves_an_archive(tmp_path):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    with zipfile.ZipFile(inside / "c.zip", "w") as archive:
        archive.writestr("../data_batch_1.bin", binary(*random_batch(0)))
    before = sorted(tmp_path.rglob("*"))
    open_dataset(str(inside / "c.zip"))
    assert sorted(tmp_path.rglob("*")) == before
