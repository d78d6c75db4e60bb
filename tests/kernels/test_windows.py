"""Where windows stand: closed forms against counting."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cvtool.kernels.convolution import gradient_border
from cvtool.kernels.processor import TILE
from cvtool.kernels.windows import group_size, groups, offset_table, positions


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 6), st.integers(0, 5))
def test_positions_are_those_where_the_window_fits(size, window, stride, padding):
    places = [
        first
        for first in range(0, size + 2 * padding, stride)
        if first + window <= size + 2 * padding
    ]
    assert positions(size, window, stride, padding) == len(places)


@given(st.tuples(*[st.integers(1, 5)] * 3), st.tuples(*[st.integers(0, 99)] * 3))
def test_offsets_are_those_of_all_pixels_and_fill_tiles(counts, distances):
    offsets = offset_table(counts, distances).tolist()
    expected = [int(np.dot(place, distances)) for place in np.ndindex(counts)]
    assert offsets[: len(expected)] == expected
    assert set(offsets[len(expected) :]) <= {expected[-1]}
    assert len(offsets) % TILE.rows == 0
    assert len(offsets) - len(expected) < TILE.rows


@given(st.integers(0, 600), st.integers(1, 600))
def test_groups_hold_every_image_once(images, pixels):
    size = group_size(images, pixels)
    seen = [
        first + group * length + image
        for first, count, length in groups(images, size)
        for group in range(count)
        for image in range(length)
    ]
    assert seen == list(range(images))
    assert size >= 1


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.integers(0, 4),
)
def test_at_stride_one_window_and_border_of_the_gradient_make_it_full(image, window, padding):
    border = gradient_border(image, window, 1, padding)
    assert border == max(0, *(length - 1 - padding for length in window))
