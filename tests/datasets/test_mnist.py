"""The MNIST family is read the same whether packed or not, however its files are called."""

import gzip
import struct

import numpy as np
import pytest

from cvtool.datasets.opening import open_as_it_is, open_dataset
from cvtool.errors import DataError, UsageError

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 5, 4)).astype(np.uint8)
LABELS = np.arange(12, dtype=np.uint8) % 5
FILES = {
    "train-images-idx3-ubyte": IMAGES,
    "train-labels-idx1-ubyte": LABELS,
    "t10k-images-idx3-ubyte": IMAGES[::-1],
    "t10k-labels-idx1-ubyte": LABELS[::-1],
}


def idx(array, *, kind=8):
    return struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape) + array.tobytes()


def save(folder, files=FILES, *, rename=lambda name: name, packed=False):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in files.items():
        content = array if isinstance(array, bytes) else idx(array)
        path = folder / (rename(name) + ".gz" * packed)
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


def assert_whole(dataset):
    np.testing.assert_array_equal(dataset.train.images[..., 0], IMAGES)
    np.testing.assert_array_equal(dataset.train.labels, LABELS)
    np.testing.assert_array_equal(dataset.test.images[..., 0], IMAGES[::-1])
    np.testing.assert_array_equal(dataset.test.labels, LABELS[::-1])
    assert dataset.classes == tuple("01234")
    assert dataset.image_shape == (5, 4, 1)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.replace("-idx", ".idx"),
        lambda name: name.replace("t10k", "test"),
        lambda name: f"kuzushiji-{name}",
    ],
)
def test_every_way_to_call_and_pack_the_files(tmp_path, rename, packed):
    folder = save(tmp_path / "flat", rename=rename, packed=packed)
    assert_whole(open_dataset(str(folder)))
    for file in folder.iterdir():
        assert_whole(open_dataset(str(file)))
    save(tmp_path / "outer" / "raw", rename=rename, packed=packed)
    assert_whole(open_dataset(str(tmp_path / "outer")))


def test_a_file_among_many_is_found_and_a_crowd_is_not_searched(tmp_path):
    save(tmp_path)
    for number in range(300):
        (tmp_path / f"{number}").touch()
    assert_whole(open_dataset(str(tmp_path / "train-images-idx3-ubyte")))
    with pytest.raises(DataError, match="is no data set that is known"):
        open_dataset(str(tmp_path))


def test_plain_files_are_mapped_and_win_over_packed_ones(tmp_path):
    save(tmp_path, packed=True)
    assert open_dataset(str(tmp_path)).train.images.flags.writeable
    save(tmp_path)
    images = open_dataset(str(tmp_path)).train.images
    assert isinstance(images, np.memmap)
    assert not images.flags.writeable


def test_colors_and_no_test_part(tmp_path):
    color = RANDOM.integers(0, 256, (12, 5, 4, 3)).astype(np.uint8)
    files = {"train-images-idx4-ubyte": color, "train-labels-idx1-ubyte": LABELS}
    dataset = open_dataset(str(save(tmp_path, files)))
    np.testing.assert_array_equal(dataset.train.images, color)
    assert dataset.test is None


def test_the_classes_of_fashion_have_their_names(tmp_path):
    dataset = open_dataset(str(save(tmp_path / "fashion-mnist")))
    assert dataset.classes[:2] == ("T-shirt/top", "Trouser")
    dataset = open_dataset(str(save(tmp_path / "FashionMNIST" / "raw")))
    assert dataset.classes[9] == "Ankle boot"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("shape", [(12, 5, 4), (12, 4, 4)])
def test_emnist_is_turned_upright_and_its_sets_are_chosen(tmp_path, packed, shape):
    stored = RANDOM.integers(0, 256, shape).astype(np.uint8)
    for name, labels in (("letters", LABELS + 1), ("digits", LABELS)):
        files = {"train-images-idx3-ubyte": stored, "train-labels-idx1-ubyte": labels}
        rename = f"emnist-{name}-{{}}".format
        save(tmp_path, files, rename=rename, packed=packed)
    with pytest.raises(UsageError, match=r"2 sets, digits, letters: choose one, as .*:set=digits"):
        open_dataset(str(tmp_path))
    with pytest.raises(UsageError, match="no set 'leters': choose set=digits, set=letters"):
        open_dataset(f"{tmp_path}:set=leters")
    letters = open_dataset(f"{tmp_path}:set=letters")
    np.testing.assert_array_equal(letters.train.images[..., 0], stored.swapaxes(1, 2))
    assert letters.train.images.flags.c_contiguous
    np.testing.assert_array_equal(letters.train.labels, LABELS)
    assert letters.classes == tuple("abcdefghijklmnopqrstuvwxyz")
    assert open_dataset(f"{tmp_path}:set=digits").classes == tuple("01234")


def header(*sizes, kind=8):
    return struct.pack(f">HBB{len(sizes)}I", 0, kind, len(sizes), *sizes)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train-images-idx3-ubyte": None}, "no file of train images"),
        ({"train-labels-idx1-ubyte": None}, "no file of train labels"),
        ({"t10k-labels-idx1-ubyte": None}, "no file of test labels"),
        ({"train-images-idx3-ubyte": b""}, "is cut off"),
        ({"train-images-idx3-ubyte": header(12, 5, 4)[:9]}, "is cut off"),
        ({"train-images-idx3-ubyte": b"PK\x03\x04" * 9}, "does not begin like an idx file"),
        ({"train-images-idx3-ubyte": header(2**32 - 1, 2**13, 2**13)}, "must have|MiB"),
        ({"train-images-idx3-ubyte": header(2**16, 2**16, 2**16)}, "no images"),
        ({"train-images-idx3-ubyte": header(12, 0, 4)}, "12×0×4 values"),
        ({"train-images-idx3-ubyte": header(3, kind=13)}, "of type 0x0d"),
        ({"train-images-idx3-ubyte": idx(IMAGES)[:-1]}, "must have 256 bytes|is cut off"),
        (
            {"train-images-idx3-ubyte": idx(IMAGES) + b"x"},
            "must have 256 bytes|more than the 256 bytes",
        ),
        ({"train-images-idx3-ubyte": LABELS}, "but is 12: fetch"),
        ({"train-images-idx3-ubyte": np.zeros((12, 5, 4, 2), "u1")}, "but is 12×5×4×2"),
        ({"train-labels-idx1-ubyte": LABELS[:-1]}, "for each of 12 images but holds 11"),
        ({"t10k-images-idx3-ubyte": IMAGES[:, 1:]}, "are 4×4×1 but those of train are 5×4×1"),
        ({"t10k-labels-idx1-ubyte": LABELS + 1}, "the label 5 but there are only"),
    ],
)
def test_damage_is_told(tmp_path, change, words, packed):
    files = {name: each for name, each in (FILES | change).items() if each is not None}
    with pytest.raises(DataError, match=words) as caught:
        open_dataset(str(save(tmp_path / "m", files, packed=packed)))
    assert ": " in str(caught.value)


def test_a_label_outside_of_the_classes_can_be_looked_at(tmp_path):
    files = FILES | {"t10k-labels-idx1-ubyte": LABELS + 1}
    dataset = open_as_it_is(str(save(tmp_path, files)))
    assert (dataset.test.labels.max(), len(dataset.classes)) == (5, 5)


def test_what_expands_to_too_much_is_not_expanded(tmp_path):
    files = FILES | {"train-images-idx3-ubyte": header(2**20, 28, 28)}
    with pytest.raises(DataError, match=r"expands to 784 MiB, .*: unpack it"):
        open_dataset(str(save(tmp_path, files, packed=True)))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_cut_files_are_told(tmp_path, share):
    path = save(tmp_path, packed=True) / "train-images-idx3-ubyte.gz"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match=r"is damaged|is cut off"):
        open_dataset(str(tmp_path))
