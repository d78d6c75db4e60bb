"""Reused memory: same place, any shape, never too small."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cvtool.layers.buffers import Buffer

shapes = st.lists(st.integers(0, 7), min_size=1, max_size=4).map(tuple)


@given(st.lists(st.tuples(shapes, st.sampled_from(["f4", "f8", "u1", "i4"]))))
def test_every_array_is_as_asked(requests):
    buffer = Buffer()
    for shape, dtype in requests:
        array = buffer.take(shape, dtype)
        assert array.shape == shape
        assert array.dtype == np.dtype(dtype)
        assert array.flags.c_contiguous
        assert array.size == 0 or array.ctypes.data % 64 == 0
        array[...] = 1


def test_a_smaller_batch_lies_in_the_memory_of_a_larger():
    buffer = Buffer()
    large = buffer.take((8, 5), np.float32)
    assert np.shares_memory(buffer.like(large[:3]), large)
    assert buffer.like(large[:3]).ctypes.data == large.ctypes.data
