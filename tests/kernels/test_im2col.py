"""im2col writes every window down, and col2im is its adjoint."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import convolution as reference
from reference.batches import whole_numbers

from cvtool.kernels.im2col import col2im, im2col


@st.composite
def windows_on_images(draw):
    height, width = (draw(st.integers(1, 8)) for _ in range(2))
    window = draw(st.integers(1, height)), draw(st.integers(1, width))
    shape = draw(st.integers(0, 3)), height, width, draw(st.integers(1, 9))
    return shape, window, draw(st.integers(1, 4)), draw(st.sampled_from(["f4", "f8"]))


@settings(max_examples=60)
@given(windows_on_images())
def test_both_equal_their_slow_twins_and_are_adjoint(case):
    shape, window, stride, dtype = case
    images = whole_numbers(shape, dtype)
    columns = im2col(images, window, stride)
    expected = reference.im2col(images, window, stride)
    assert columns.shape == expected.shape
    assert columns.dtype == dtype
    np.testing.assert_array_equal(columns, expected)

    others = whole_numbers(columns.shape, dtype, seed=1)
    summed = col2im(others, shape, window, stride)
    np.testing.assert_array_equal(summed, reference.col2im(others, shape, window, stride))
    assert np.vdot(columns, others) == np.vdot(images, summed)


def test_a_row_is_a_window_row_by_row_and_channels_last():
    images = np.arange(2 * 3 * 3 * 2, dtype=np.float64).reshape(2, 3, 3, 2)
    columns = im2col(images, (2, 2))
    assert columns.shape == (2 * 2 * 2, 2 * 2 * 2)
    np.testing.assert_array_equal(columns[0], [0, 1, 2, 3, 6, 7, 8, 9])
    np.testing.assert_array_equal(columns[5], images[1, :2, 1:].ravel())


def test_pixels_count_as_often_as_windows_see_them():
    ones = np.ones((1, 3, 4, 1))
    counts = col2im(im2col(ones, (2, 3)), ones.shape, (2, 3))
    np.testing.assert_array_equal(counts[0, :, :, 0], [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]])
