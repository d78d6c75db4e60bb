"""Rows are read from a file as they stand in it."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.threads import assert_same_bits

from cvtool.kernels.reading import read_rows

pytestmark = pytest.mark.skipif(not hasattr(os, "pread"), reason="the system has no pread")


CONTENT = np.random.default_rng(0).bytes(1000)


@pytest.fixture
def file(tmp_path):
    (tmp_path / "bytes").write_bytes(CONTENT)
    descriptor = os.open(tmp_path / "bytes", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 40), size=st.integers(0, 60), picked=st.lists(st.integers(0, 15)))
def test_rows_are_slices_of_the_file(file, start, size, picked):
    rows = read_rows(file, start, np.array(picked, np.int64), size)
    assert (rows.dtype, rows.shape) == (np.uint8, (len(picked), size))
    expected = [CONTENT[start + size * at : start + size * (at + 1)] for at in picked]
    assert [row.tobytes() for row in rows] == expected


def test_threads_change_no_bit(file):
    assert_same_bits(lambda: [read_rows(file, 3, np.arange(90), 11)])


def test_what_lies_behind_the_end_is_an_error(file):
    read_rows(file, 0, np.arange(10), 100)
    with pytest.raises(OSError, match="row 10 of 100 bytes"):
        read_rows(file, 0, np.arange(11), 100)
    with pytest.raises(OSError, match="row 0 of 4 bytes"):
        read_rows(-1, 0, np.arange(1), 4)
