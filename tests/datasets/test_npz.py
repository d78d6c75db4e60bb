"""Arrays in a file: what is taken, and what is refused in words."""

import numpy as np
import pytest

from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError

IMAGES = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
LABELS = np.array([3, 7, 3, 7, 7, 3])


def save(tmp_path, **arrays):
    np.savez(tmp_path / "some.npz", **arrays)
    return str(tmp_path / "some.npz")


def test_gray_and_color_and_all_parts(tmp_path):
    color = np.stack([IMAGES] * 3, axis=-1)
    arrays = {f"x_{part}": color for part in ("train", "val", "test")}
    arrays |= {f"y_{part}": LABELS[:, None] for part in ("train", "val", "test")}
    dataset = open_dataset(save(tmp_path, **arrays))
    assert list(dataset.parts) == ["train", "validation", "test"]
    assert dataset.image_shape == (4, 5, 3)
    gray = open_dataset(save(tmp_path, x_train=IMAGES, y_train=LABELS))
    assert gray.image_shape == (4, 5, 1)
    np.testing.assert_array_equal(gray.train.images[..., 0], IMAGES)
    assert gray.test is None


@pytest.mark.parametrize(
    "labels", [LABELS, LABELS.astype(np.uint8), LABELS.astype(str), LABELS.astype("S1")]
)
def test_labels_become_positions_in_the_classes(tmp_path, labels):
    dataset = open_dataset(save(tmp_path, x_train=IMAGES, y_train=labels))
    assert dataset.classes == ("3", "7")
    assert dataset.train.labels.dtype == np.int64
    assert dataset.train.labels.tolist() == [0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("u1", "u1"), ("i8", "u1"), ("f2", "f4"), ("f4", "f4"), ("f8", "f8")],
)
def test_pixels_stay_small(tmp_path, given, kept):
    dataset = open_dataset(save(tmp_path, x_train=IMAGES.astype(given), y_train=LABELS))
    assert dataset.train.images.dtype == np.dtype(kept)
    np.testing.assert_array_equal(dataset.train.images[..., 0], IMAGES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y_train": None}, "has no y_train"),
        ({"x_test": IMAGES}, "has no y_test"),
        ({"x_train": IMAGES[:5]}, "5 images in x_train but 6 labels"),
        ({"x_train": IMAGES.reshape(6, 20)}, r"is 6×20: x_train.reshape\(-1, height"),
        ({"x_train": np.zeros((6, 4, 5, 2), "u1")}, "is 6×4×5×2: reshape it"),
        ({"x_train": np.zeros((6, 3, 9, 9), "u1")}, r"np.moveaxis\(x_train, 1, -1\)"),
        ({"x_train": np.full((6, 4, 5), 256)}, "from 0 to 255 or finite floats"),
        ({"x_train": np.full((6, 4, 5), np.nan)}, "from 0 to 255 or finite floats"),
        ({"x_train": np.full((6, 4, 5), -1e300)}, r"finite floats up to 1e\+18"),
        ({"x_train": IMAGES[:0], "y_train": LABELS[:0]}, "is 0×4×5"),
        ({"y_train": np.eye(6)}, r"np.argmax\(y_train, axis=1\)"),
        ({"y_train": LABELS * 1.0}, "make the labels whole numbers"),
        ({"y_train": np.array([*"abcde", None])}, "save it again as plain arrays"),
        ({"y_train": LABELS * 0}, "has the one class '0'"),
        ({"x_test": IMAGES, "y_test": LABELS + 4}, "the class '11' that y_train lacks"),
        ({"x_test": IMAGES[:, 1:], "y_test": LABELS}, "are 3×5×1 of uint8 but those of train"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, change, words):
    arrays = {"x_train": IMAGES, "y_train": LABELS} | change
    path = save(tmp_path, **{key: each for key, each in arrays.items() if each is not None})
    with pytest.raises(DataError, match=words):
        open_dataset(path)


def test_pairs_of_floats_are_points_in_the_plane(tmp_path):
    points = np.arange(12.0).reshape(6, 2)
    dataset = open_dataset(save(tmp_path, x_train=points, y_train=LABELS))
    assert dataset.has_points
    np.testing.assert_array_equal(dataset.train.images[:, 0, 0], points)


def test_a_cut_file_is_told(tmp_path):
    path = save(tmp_path, x_train=IMAGES, y_train=LABELS)
    content = bytearray((tmp_path / "some.npz").read_bytes())
    content[200] ^= 255
    (tmp_path / "some.npz").write_bytes(content)
    with pytest.raises(DataError, match="Bad CRC"):
        open_dataset(path)


def test_arrays_of_other_names_are_named(tmp_path):
    np.savez(tmp_path / "some.npz", images=np.zeros((2, 4, 4)), labels=np.arange(2))
    with pytest.raises(DataError, match=r"has no x_train and no y_train \(it has images, labels\)"):
        open_dataset(str(tmp_path / "some.npz"))
