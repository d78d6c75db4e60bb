"""Arrays and pickles that claim more than there is, or want something done, get nothing."""

import io
import pickle
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from cvtool.datasets.layouts import npy_arrays, pickle_machine
from cvtool.datasets.layouts.unpickling import unpickle_arrays
from cvtool.datasets.opening import open_dataset
from cvtool.errors import DataError


def npy(array, shape=None, descr=None, fortran=False):
    """Save an array with a header that may tell something else."""
    memory = io.BytesIO()
    header = {"shape": shape or array.shape, "fortran_order": fortran}
    header["descr"] = descr or np.lib.format.dtype_to_descr(array.dtype)
    np.lib.format.write_array_header_1_0(memory, header)
    return memory.getvalue() + array.tobytes()


IMAGES = np.zeros((4, 3, 2), np.uint8)
LABELS = np.array([0, 1, 0, 1])
WHOLE = {"x_train": npy(IMAGES), "y_train": npy(LABELS)}


def save(tmp_path, method=zipfile.ZIP_DEFLATED, **arrays):
    with zipfile.ZipFile(tmp_path / "some.npz", "w", method) as archive:
        for name, content in (WHOLE | arrays).items():
            archive.writestr(f"{name}.npy", content)
    return str(tmp_path / "some.npz")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(IMAGES, (2**40, 3, 2)), "should have 6,597,069,766,656 bytes of values but has 24"),
        (npy(IMAGES, (0, 2**200)), "should have 0 bytes"),
        (npy(IMAGES, (-4, 3, -2)), "should have 24 bytes"),
        (npy(IMAGES, (1,) * 70 + (24,)), "no array|maximum|is damaged"),
        (npy(IMAGES, (24,), "<U0"), "should have 0 bytes"),
        (npy(IMAGES, (3,), "|O"), "holds objects, which could run code"),
        (npy(IMAGES, (3,), [("a", "|O"), ("b", "<f8")]), "holds objects"),
        (npy(IMAGES, (3,), "no such type"), "is no array"),
        (npy(IMAGES)[:-1], "should have 24 bytes of values but has 23"),
        (npy(IMAGES)[:5], "is no array"),
        (b"", "is no array"),
        (b"\x93NUMPY\x07\x00" + npy(IMAGES)[8:], "is no array"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"(" * 9000, "is no array"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 9000) + b"-" * 9000, "is no array"),
        (b"\x93NUMPY\x02\x00" + struct.pack("<I", 10**6) + b" " * 10**6, "is no array"),
    ],
)
def test_headers_are_compared_with_what_is_there(tmp_path, content, words):
    with pytest.raises(DataError, match=words) as caught:
        open_dataset(save(tmp_path, x_train=content))
    assert "\n" not in str(caught.value)


def test_headers_claim_no_memory(tmp_path):
    path = save(tmp_path, x_train=npy(IMAGES, (2**31, 3, 2)))
    tracemalloc.start()
    with pytest.raises(DataError):
        open_dataset(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_arrays_that_expand_as_traps_do_are_told(tmp_path, monkeypatch):
    zeros = np.zeros((1000, 10, 10), np.uint8)
    arrays = {"x_train": npy(zeros), "y_train": npy(np.arange(1000) % 2)}
    assert len(open_dataset(save(tmp_path, **arrays)).train) == 1000
    monkeypatch.setattr(npy_arrays, "_HARMLESS", 1000)
    monkeypatch.setattr(npy_arrays, "_LARGEST_RATIO", 10)
    with pytest.raises(DataError, match="would expand from"):
        open_dataset(save(tmp_path, **arrays))
    assert len(open_dataset(save(tmp_path, zipfile.ZIP_STORED, **arrays)).train) == 1000


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.array([b"a", b"\xff"] * 2), "holds what is no text"),
        (np.array(["a", "b"] * 2).view(np.uint32) + 2**21, "holds what is no text"),
    ],
)
def test_labels_that_are_no_text_are_told(tmp_path, labels, words):
    descr = "<U1" if labels.dtype == np.uint32 else None
    with pytest.raises(DataError, match=words):
        open_dataset(save(tmp_path, y_train=npy(labels, descr=descr)))


def test_floats_too_large_for_their_new_type_are_told(tmp_path):
    huge = np.full((4, 3, 2), np.finfo(np.longdouble).max)
    if huge.dtype.itemsize > 8:
        with pytest.raises(DataError, match="finite floats"):
            open_dataset(save(tmp_path, x_train=npy(huge)))


def test_words_and_numbers_are_not_compared(tmp_path):
    path = save(tmp_path, x_test=npy(IMAGES), y_test=npy(np.array(["0", "1"] * 2)))
    with pytest.raises(DataError, match=r"y_test in .* is <U1 but y_train is int64"):
        open_dataset(path)


def test_arrays_in_any_order_of_bytes_and_dimensions_are_as_they_were(tmp_path):
    values = np.arange(24, dtype=">u2").reshape(4, 3, 2)
    turned = np.asfortranarray(values)
    path = save(tmp_path, x_train=npy(turned.T, turned.shape, fortran=True))
    np.testing.assert_array_equal(open_dataset(path).train.images[..., 0], values)


def deep(inside, around, count):
    return inside + around * count


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"}r\xff\xff\xff\xff.", None),  # would claim 64 GB in python's own machine
        (b"}p99999999999999\n.", None),
        (b"}p" + b"9" * 5000 + b"\n.", "very many digits"),
        (b"I" + b"9" * 5000 + b"\n.", "very many digits"),
        (b"\x8e" + b"\xff" * 8 + b".", "cut off"),
        (b"\x96" + b"\xff" * 7 + b"\x0f.", "cut off"),
        (b"X\xff\xff\xff\xff.", "cut off"),
        (deep(b"}(", b")", 100_000) + deep(b"", b"\x85", 100_000) + b"u.", "without text as keys"),
        (deep(b"}U\1a", b"]", 1) + deep(b"", b"]a", 1_000) + b"s.", None),
        (b"]" * 5_000, "cut off"),
        (b"}q\0U\1ah\0s.", None),
        (b"", "cut off"),
        (b".", "damaged"),
        (b"R.", "damaged"),
        (b")R.", "damaged"),
        (b"U\1aU\1bR.", "no name"),
        (b"(lU\1aa.", "damaged"),
        (b"U\1aNa.", "no list"),
        (b"NNs.", "damaged"),
        (b"U\1aN}s.", "without text"),
        (b"(I1\nI2\no.", "not allowed"),
        (b"Pfile\n.", "not allowed"),
        (b"\x82\x01.", "not allowed"),
        (b"(S'touch harm'\nios\nsystem\n.", "not allowed"),
        (b"\x8c\x02os\x8c\x06system\x93\x8c\x0atouch harm\x85R.", "not allowed"),
        (b"c_codecs\nencode\n(cnumpy\ndtype\nS'x'\ntR.", "damaged"),
    ],
)
def test_hostile_pickles_get_nothing(tmp_path, monkeypatch, content, words):
    monkeypatch.chdir(tmp_path)
    if words is None:
        assert isinstance(unpickle_arrays(content), dict)
    else:
        with pytest.raises(pickle.UnpicklingError, match=words):
            unpickle_arrays(content)
    assert not [*tmp_path.iterdir()]


def test_long_pickles_end(monkeypatch):
    monkeypatch.setattr(pickle_machine, "_MOST_OPERATIONS", 1000)
    for content in (b"N" * 2000, b"K\1" * 2000):
        with pytest.raises(pickle.UnpicklingError, match="more than 1,000 operations"):
            unpickle_arrays(content)


def test_a_text_is_not_made_into_bytes_again_and_again():
    text = b"X" + struct.pack("<I", 1000) + b"a" * 1000 + b"q\0"
    encode = b"c_codecs\nencode\n(h\0U\6latin1tR"
    with pytest.raises(pickle.UnpicklingError, match="more bytes than it holds"):
        unpickle_arrays(text + encode * 100 + b".")


def test_lists_that_hold_themselves_are_no_labels(tmp_path):
    planes = np.zeros((2, 3072), np.uint8)
    labels = []
    labels += [labels, labels]
    for wrong in (labels, [[1, 2], [3, 4]], [2**70, 1], "ab", [None, None], [1.5, 2.5]):
        (tmp_path / "data_batch_1").write_bytes(pickle.dumps({"data": planes, "labels": wrong}))
        with pytest.raises(DataError, match="and n labels but does not"):
            open_dataset(str(tmp_path))
