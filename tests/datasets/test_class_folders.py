"""Folders of images: how they are recognized, decoded once, and noticed to have changed."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError
from cvtool.records import WorkRecord


def save_image(path, *, size=(4, 5), seed=0, mode="RGB"):
    """Write a random picture of (height, width) losslessly and return its pixels."""
    shape = (*size, 3) if mode == "RGB" else size
    pixels = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return pixels.reshape(*size, -1)


def save_classes(root, *, count=3, classes=("cat", "dog"), **options):
    """Write ``count`` pictures for each class and return all pixels in the order to be read."""
    return np.array(
        [
            save_image(root / name / f"{number:02}.png", seed=len(name) * 100 + number, **options)
            for name in classes
            for number in range(count)
        ]
    )


def test_one_level_of_classes(tmp_path):
    pixels = save_classes(tmp_path / "pets")
    dataset = open_dataset(str(tmp_path / "pets"))
    np.testing.assert_array_equal(dataset.train.images, pixels)
    assert dataset.train.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert dataset.classes == ("cat", "dog")
    assert dataset.name == "pets"
    assert (dataset.validation, dataset.test) == (None, None)


@pytest.mark.parametrize("val", ["val", "validation"])
def test_parts_beside_each_other(tmp_path, val):
    train = save_classes(tmp_path / "train", count=4)
    validation = save_classes(tmp_path / val, count=1)
    test = save_classes(tmp_path / "test", classes=("dog",))
    dataset = open_dataset(str(tmp_path))
    for part, pixels in ((dataset.train, train), (dataset.validation, validation)):
        np.testing.assert_array_equal(part.images, pixels)
    np.testing.assert_array_equal(dataset.test.images, test)
    assert dataset.test.labels.tolist() == [1, 1, 1]


def test_classes_one_folder_deeper(tmp_path):
    pixels = save_classes(tmp_path / "pets" / "pets-v1")
    np.testing.assert_array_equal(open_dataset(str(tmp_path / "pets")).train.images, pixels)


def test_hidden_files_and_notes_are_passed_over(tmp_path):
    save_classes(tmp_path)
    for name in ("cat/.DS_Store", "cat/notes.TXT", "dog/labels.csv", "README"):
        (tmp_path / name).write_text("no image")
    (tmp_path / ".git").mkdir()
    assert len(open_dataset(str(tmp_path)).train) == 6


def test_gray_only_if_all_are_gray(tmp_path):
    gray = save_classes(tmp_path / "gray", mode="L")
    np.testing.assert_array_equal(open_dataset(str(tmp_path / "gray")).train.images, gray)
    color = save_image(tmp_path / "gray" / "dog" / "02.png")
    mixed = open_dataset(str(tmp_path / "gray")).train.images
    np.testing.assert_array_equal(mixed[:5], np.repeat(gray[:5], 3, axis=-1))
    np.testing.assert_array_equal(mixed[5], color)


def test_sizes_that_differ_need_a_size(tmp_path):
    save_classes(tmp_path)
    save_image(tmp_path / "dog" / "large.png", size=(30, 40))
    with pytest.raises(DataError, match=r"come in 2, from 4×5 to 30×40 .*: pass --image-size"):
        open_dataset(str(tmp_path))
    assert open_dataset(str(tmp_path), image_size=16).image_shape == (16, 16, 3)
    assert open_dataset(str(tmp_path), image_size=8).image_shape == (8, 8, 3)


def no_more_decoding(monkeypatch):
    def decode(*_):
        raise AssertionError("decoded again")

    monkeypatch.setattr("cvtool.datasets.pixels.pixel_cache.decode_files", decode)


def test_the_second_start_reads_the_cache(tmp_path, monkeypatch):
    save_classes(tmp_path)
    first = open_dataset(str(tmp_path))
    checksum = first.checksum
    no_more_decoding(monkeypatch)
    second = open_dataset(str(tmp_path))
    assert isinstance(second.train.images, np.memmap)
    assert not second.train.images.flags.writeable
    np.testing.assert_array_equal(second.train.images, first.train.images)
    assert second.checksum_file.read_text() == second.checksum == checksum


@pytest.mark.parametrize("change", ["content", "name", "more", "fewer"])
def test_a_changed_source_is_noticed(tmp_path, cache_folder, change):
    save_classes(tmp_path)
    before = open_dataset(str(tmp_path))
    file = tmp_path / "cat" / "01.png"
    if change == "content":
        status = file.stat()
        save_image(file, seed=77)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    elif change == "name":
        file.rename(file.with_name("99.png"))
    elif change == "more":
        save_image(tmp_path / "dog" / "more.png", seed=5)
    else:
        file.unlink()
    after = open_dataset(str(tmp_path))
    assert after.checksum != before.checksum
    assert len(list(cache_folder.glob("images/*/*"))) == 1  # what is outdated is removed


def test_a_damaged_cache_is_made_again(tmp_path, cache_folder):
    pixels = save_classes(tmp_path)
    open_dataset(str(tmp_path))
    (file,) = cache_folder.rglob("pixels.npy")
    file.write_bytes(file.read_bytes()[:-10])
    np.testing.assert_array_equal(open_dataset(str(tmp_path)).train.images, pixels)


def test_a_stop_leaves_nothing_that_could_be_taken_for_whole(tmp_path, cache_folder):
    pixels = save_classes(tmp_path, count=80)

    def stop(record):
        if record.done >= 64:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_dataset(str(tmp_path), progress=stop)
    assert list(cache_folder.glob("images/*/*")) == []
    seen = []
    dataset = open_dataset(str(tmp_path), progress=seen.append)
    np.testing.assert_array_equal(dataset.train.images, pixels)
    assert seen == [WorkRecord("decoding image", done, 160) for done in (64, 128, 160)]


def test_a_file_that_is_no_image_is_named(tmp_path):
    save_classes(tmp_path)
    cut = tmp_path / "cat" / "01.png"
    cut.write_bytes(cut.read_bytes()[:60])
    with pytest.raises(
        DataError, match=r"cannot read cat/01\.png of .* \(image file is truncated\): repair it"
    ):
        open_dataset(str(tmp_path))
    cut.write_text("something else")
    with pytest.raises(DataError, match=r"1\.png of .* as an image \(no known image format\)"):
        open_dataset(str(tmp_path))


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda root: save_classes(root, classes=("cat",)), "the one class 'cat'"),
        (lambda root: (root / "cat").mkdir(), "the train part .* holds no images"),
        (lambda root: (save_classes(root), (root / "emu").mkdir()), "'emu' .* holds no images"),
        (
            lambda root: (save_classes(root / "train"), save_classes(root / "test", classes="e")),
            "a class 'e' that the train part lacks",
        ),
        (
            lambda root: [save_classes(root / part) for part in ("train", "val", "validation")],
            "both val and validation",
        ),
        (lambda root: save_image(root / "alone.png"), "set is no data set that is known"),
        (lambda _: None, "set is no data set that is known"),
    ],
)
def test_folders_that_cannot_be_read_are_told(tmp_path, prepare, words):
    (tmp_path / "set").mkdir()
    prepare(tmp_path / "set")
    with pytest.raises(DataError, match=words):
        open_dataset(str(tmp_path / "set"))


def test_a_disk_without_room_is_told(tmp_path, monkeypatch):
    save_classes(tmp_path)
    full = SimpleNamespace(free=10)
    monkeypatch.setattr("cvtool.datasets.pixels.parallel_decoding.disk_usage", lambda _: full)
    with pytest.raises(DataError, match="make room"):
        open_dataset(str(tmp_path))


def test_a_cache_that_cannot_be_written_is_told(tmp_path, cache_folder):
    save_classes(tmp_path)
    (cache_folder / "images").write_text("in the way")
    with pytest.raises(DataError, match="set XDG_CACHE_HOME"):
        open_dataset(str(tmp_path))
