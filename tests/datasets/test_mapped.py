"""Going through arrays larger than memory: everything is seen once, and nothing changes by it."""

import numpy as np
import pytest

from cvtool.datasets.mapped import chunks, release


def test_chunks_cover_everything_once(monkeypatch):
    images = np.arange(7 * 12, dtype=np.uint8).reshape(7, 2, 2, 3)
    monkeypatch.setattr("cvtool.datasets.mapped._BYTES_AT_ONCE", 30)
    seen = list(chunks(images))
    assert [start for start, _ in seen] == [0, 2, 4, 6]
    np.testing.assert_array_equal(np.concatenate([part for _, part in seen]), images)
    assert list(chunks(images[:0])) == []


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
def test_released_pages_are_read_again(tmp_path, mode):
    images = np.random.default_rng(0).integers(0, 256, (500, 8, 8, 3)).astype(np.uint8)
    np.save(tmp_path / "images.npy", images)
    mapped = np.load(tmp_path / "images.npy", mmap_mode=mode)
    if mode != "r":
        mapped[3] = 7
        images[3] = 7
    for view in (mapped, mapped[10:400], np.asarray(mapped)[::2]):
        release(view)
        np.testing.assert_array_equal(mapped, images)


def test_arrays_in_memory_are_left_alone():
    images = np.ones((2, 3, 3, 1))
    images.flags.writeable = False
    release(images)
    assert (images == 1).all()
