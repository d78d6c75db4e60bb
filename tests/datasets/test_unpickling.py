"""No pickle gets anything to run; only dictionaries of integer arrays come out."""

import os
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.datasets.layouts.unpickling import unpickle_arrays


class Runs:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", ["u1", "<i8", ">i4"])
def test_arrays_come_back_as_they_were(name, protocol):
    array = np.arange(6).reshape(2, 3).astype(name)
    for each in (array, np.asfortranarray(array)):
        (back,) = unpickle_arrays(pickle.dumps({b"data": each}, protocol)).values()
        np.testing.assert_array_equal(back, array)


def test_a_pickle_of_python_2_is_understood():
    # What Python 2 wrote of {"data": numpy.array([[1, 2]], "uint8"), "labels": [3]}.
    content = (
        b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\n"
        b"q\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x01K\x02\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01"
        b"\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x02\x01\x02tb"
        b"U\x06labelsq\x08]q\tK\x03au."
    )
    found = unpickle_arrays(content)
    np.testing.assert_array_equal(found["data"], [[1, 2]])
    assert found["labels"] == [3]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("function", [os.system, eval, getattr, Path])
def test_what_would_run_is_refused_and_does_not(tmp_path, monkeypatch, function, protocol):
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps({"data": Runs(function, "touch harm")}, protocol)
    with pytest.raises(pickle.UnpicklingError, match="not allowed"):
        unpickle_arrays(content)
    assert not (tmp_path / "harm").exists()


def test_arrays_of_objects_and_floats_are_refused():
    for array in (np.array([1, "a"], object), np.zeros(2)):
        with pytest.raises(pickle.UnpicklingError):
            unpickle_arrays(pickle.dumps({"data": array}))


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.integers(0, 200), st.integers(0, 255))
def test_damage_is_only_ever_told(length, place, value):
    content = bytearray(pickle.dumps({b"data": np.arange(4, dtype=np.uint8), b"labels": [1, 2]}, 2))
    content[place % len(content)] = value
    with suppress(pickle.UnpicklingError):
        unpickle_arrays(bytes(content[: 1 + length % len(content)]))
