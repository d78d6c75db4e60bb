"""The checksum stands for pixels and labels, wherever they lie."""

import numpy as np

from cvtool.datasets.dataset import Dataset, Examples


def make(images, labels, **more):
    return Dataset("some", ("a", "b"), Examples(images, np.asarray(labels, np.int64)), **more)


def test_checksum_follows_pixels_and_labels_alone(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (4, 3, 3, 3)).astype(np.uint8)
    np.save(tmp_path / "images.npy", images)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    checksum = make(images, [0, 1, 0, 1]).checksum
    assert make(mapped, [0, 1, 0, 1]).checksum == checksum
    assert make(images[:, ::-1][:, ::-1], [0, 1, 0, 1]).checksum == checksum
    assert make(images, [0, 1, 1, 1]).checksum != checksum
    assert make(255 - images, [0, 1, 0, 1]).checksum != checksum
    assert make(images.reshape(4, 9, 1, 3), [0, 1, 0, 1]).checksum != checksum


def test_checksum_does_not_depend_on_how_it_is_streamed(monkeypatch):
    images = np.arange(5 * 27, dtype=np.uint8).reshape(5, 3, 3, 3)
    checksum = make(images, [0] * 5).checksum
    monkeypatch.setattr("cvtool.datasets.mapped._BYTES_AT_ONCE", 60)
    assert make(images, [0] * 5).checksum == checksum


def test_checksum_is_kept_beside_cached_pixels(tmp_path):
    images, file = np.zeros((2, 3, 3, 1), np.uint8), tmp_path / "checksum"
    first = make(images, [0, 1], checksum_file=file).checksum
    assert file.read_text() == first == make(images, [0, 1]).checksum
    file.write_text("as it was kept")
    assert make(images, [0, 1], checksum_file=file).checksum == "as it was kept"
    assert [path.name for path in tmp_path.iterdir()] == ["checksum"]
