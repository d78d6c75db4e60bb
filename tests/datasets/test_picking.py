"""Images are the same whether they lie in memory or in a file, and leave nothing resident."""

import os
from pathlib import Path

import numpy as np
import pytest

from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Examples
from cvtool.datasets.mapped import mapped_file
from cvtool.datasets.picking import Picker
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.errors import DataError

needs_pread = pytest.mark.skipif(not hasattr(os, "pread"), reason="the system has no pread")


@pytest.fixture(params=["u1", "f4", "f8"])
def images(request):
    return np.random.default_rng(0).integers(0, 256, (50, 4, 5, 3)).astype(request.param)


@pytest.fixture
def mapped(tmp_path, images):
    np.save(tmp_path / "images.npy", images)
    return np.load(tmp_path / "images.npy", mmap_mode="r", allow_pickle=False)


def picked(images, indices):
    array, places = Picker(images).pick(np.asarray(indices))
    assert array.dtype == images.dtype
    return array[places]


@pytest.mark.parametrize("indices", [[], [0], [49, 3, 3, 17], range(50)], ids=str)
def test_mapped_images_are_those_in_memory(images, mapped, indices):
    indices = np.asarray(indices, np.int64)
    for array in (images, mapped):
        np.testing.assert_array_equal(picked(array, indices), images[indices])
    np.testing.assert_array_equal(picked(mapped[7:], indices % 43), images[7:][indices % 43])
    np.testing.assert_array_equal(picked(mapped[:, 1:], indices), images[:, 1:][indices])
    np.testing.assert_array_equal(picked(mapped.view(), indices), images[indices])


@pytest.mark.parametrize("kind", ["mean-image", "standardize", "zca"])
def test_statistics_and_batches_are_those_in_memory_to_the_last_bit(images, mapped, kind):
    results = []
    for array in (images, mapped):
        subset = Subset(Examples(array, np.arange(50) % 3), np.arange(2, 49))
        batcher = Batcher(subset, Preprocessing.fit(kind, subset))
        out = np.empty((9, *batcher.shape), np.float32)
        labels = batcher.fill(np.arange(30, 39), out)
        results.append((out.tobytes(), labels.tolist(), subset.images_at(slice(3, 9)).tobytes()))
    assert results[0] == results[1]


def test_where_mapped_images_lie_is_known(images, mapped, tmp_path):
    assert mapped_file(images) is None
    path, start = mapped_file(mapped)
    assert Path(path) == tmp_path / "images.npy"
    assert mapped_file(mapped[2:]) == (path, start + 2 * images[0].nbytes)
    assert mapped_file(mapped[::2]) is None
    assert mapped_file(np.load(path, mmap_mode="r+", allow_pickle=False)) is None


@needs_pread
def test_reading_makes_nothing_of_a_mapping_resident(tmp_path):
    np.save(tmp_path / "large.npy", np.zeros((4000, 32, 32, 3), np.uint8))
    mapped = np.load(tmp_path / "large.npy", mmap_mode="r", allow_pickle=False)
    picker, maps = Picker(mapped), Path("/proc/self/smaps")
    for start in range(0, 4000, 100):
        picker.pick(np.arange(start, start + 100))
    if not maps.exists():
        pytest.skip("what is resident is read from Linux's /proc")
    _, _, entry = maps.read_text().partition(str(tmp_path / "large.npy"))
    kilobytes = int(entry.partition("Rss:")[2].split()[0])
    assert kilobytes < 5000  # of 12,000: the neighborhoods of both ends, which were compared


@needs_pread
def test_a_file_cut_short_is_an_error_and_no_crash(tmp_path, images, mapped):
    picker = Picker(mapped)
    os.truncate(tmp_path / "images.npy", mapped.offset + images[:30].nbytes)
    np.testing.assert_array_equal(picker.pick(np.arange(30))[0], images[:30])
    with pytest.raises(DataError, match=r"images\.npy cannot be read any more .*start again"):
        picker.pick(np.array([4, 30]))


def test_another_file_of_the_same_name_is_not_mistaken(tmp_path, images, mapped):
    other = tmp_path / "other.npy"
    np.save(other, images[::-1])
    other.replace(tmp_path / "images.npy")
    np.testing.assert_array_equal(picked(mapped, [1, 2]), images[[1, 2]])
    (tmp_path / "images.npy").write_bytes(b"")
    np.testing.assert_array_equal(picked(mapped, [1, 2]), images[[1, 2]])
    (tmp_path / "images.npy").unlink()
    np.testing.assert_array_equal(picked(mapped, [1, 2]), images[[1, 2]])


@needs_pread
def test_files_are_closed_with_their_pickers(mapped):
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("open files are counted in Linux's /proc")
    before = len(list(descriptors.iterdir()))
    pickers = [Picker(mapped) for _ in range(5)]
    assert len(list(descriptors.iterdir())) == before + 5
    del pickers
    assert len(list(descriptors.iterdir())) == before
