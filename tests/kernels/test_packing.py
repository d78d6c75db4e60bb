"""A packed matrix multiplies like the matrix it was, to the last bit."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference.batches import random_batch
from reference.threads import assert_same_bits

from cvtool.kernels.packing import multiply_packed, pack
from cvtool.kernels.processor import TILE
from cvtool.kernels.products import multiply

SIZES = st.tuples(st.integers(0, 30), st.integers(1, 30), st.integers(1, 70))


@settings(max_examples=40)
@example(sizes=(5, 7, 1100), dtype="f4")  # several blocks, the last of them smaller
@example(sizes=(65, 64, 512), dtype="f8")
@given(sizes=SIZES, dtype=st.sampled_from(["f4", "f8"]))
def test_products_are_those_of_the_matrix(sizes, dtype):
    rows, inner, columns = sizes
    left, right = random_batch((rows, inner), dtype), random_batch((inner, columns), dtype, 1)
    wide = np.full((rows, columns + 3), 7, dtype)
    out = wide[:, 1:-2]
    assert multiply_packed(left, pack(right), out=out) is out
    assert out.tobytes() == multiply(left, right).tobytes()
    out[...] = 7
    assert (wide == 7).all()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_blocks_cover_the_columns_in_odd_numbers_of_panels(dtype):
    matrix, width = random_batch((3, 1100), dtype), TILE.columns(dtype)
    blocks = pack(matrix)
    assert [block.first for block in blocks] == [0, *(block.last for block in blocks[:-1])]
    assert blocks[-1].last == 1100
    assert {block.panels.shape[1] // width % 2 for block in blocks} == {1}
    assert all(block.panels.flags.c_contiguous for block in blocks)
    for one, other in zip(pack(np.asfortranarray(matrix)), blocks, strict=True):
        np.testing.assert_array_equal(one.panels, other.panels)


def test_threads_change_no_bit():
    left, blocks = random_batch((30, 65), "f4"), pack(random_batch((65, 600), "f4", 1))
    assert_same_bits(lambda: [multiply_packed(left, blocks, out=np.empty((30, 600), "f4"))])


def test_what_would_be_written_elsewhere_is_refused():
    blocks = pack(np.ones((4, 9)))
    with pytest.raises(ValueError, match="3 rows times 9 columns do not make"):
        multiply_packed(np.ones((3, 4)), blocks, out=np.empty((3, 8)))
    with pytest.raises(ValueError, match="windows of 1×5 do not fit 4 rows"):
        multiply_packed(np.ones((3, 5)), blocks, out=np.empty((3, 9)))
