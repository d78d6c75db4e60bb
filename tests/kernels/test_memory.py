"""Images inside borders, panels of full width, and arrays described by address and distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.batches import whole_numbers

from cvtool.kernels.memory import Bordered, address, pixel_shape, pixels_of, whole_panels
from cvtool.kernels.processor import TILE

SMALL = st.integers(0, 5)


@given(shape=st.tuples(SMALL, SMALL, SMALL, st.integers(1, 5)), border=st.integers(0, 3))
def test_a_border_is_zero_and_surrounds_the_images(shape, border):
    images = whole_numbers(shape, "f4")
    bordered = Bordered.around(images, border)
    assert bordered.whole.flags.c_contiguous
    np.testing.assert_array_equal(bordered.inside, images)
    assert abs(bordered.whole).sum() == abs(images).sum()
    edges = ((0, 0), (border, border), (border, border), (0, 0))
    np.testing.assert_array_equal(bordered.whole, np.pad(images, edges))


@given(st.integers(0, 5))
def test_the_first_images_are_a_view(count):
    bordered = Bordered.around(whole_numbers((5, 2, 3, 4), "f8"), 1)
    first = bordered.first(count)
    assert first.border == 1
    np.testing.assert_array_equal(first.inside, bordered.inside[:count])
    first.whole[...] = 9
    assert (bordered.whole[:count] == 9).all()


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_tile_may_read_past_the_end(dtype):
    whole = Bordered.zeros((2, 3, 3, 1), 1, dtype).whole
    spare = whole.base.size - whole.size
    assert spare >= TILE.columns(dtype) - 1
    assert spare >= TILE.rows - 1


@given(rows=SMALL, columns=st.integers(1, 70), dtype=st.sampled_from(["f4", "f8"]))
def test_panels_are_the_matrix_and_zeros(rows, columns, dtype):
    matrix = whole_numbers((rows, columns), dtype) + 9
    panels = whole_panels(matrix)
    assert panels.flags.c_contiguous
    assert panels.shape[1] % TILE.columns(dtype) == 0
    assert panels.shape[1] - columns < TILE.columns(dtype)
    np.testing.assert_array_equal(panels[:, :columns], matrix)
    assert not panels[:, columns:].any()


def test_a_matrix_of_whole_panels_is_not_copied():
    matrix = np.ones((3, 2 * TILE.columns("f4")), "f4")
    assert whole_panels(matrix) is matrix
    turned = np.ones((TILE.columns("f4"), 3), "f4").T
    assert whole_panels(turned).flags.c_contiguous


def test_pixels_are_found_by_distances():
    whole = whole_numbers((4, 6, 7, 3), "f4")
    view = whole[1:, 2:5, ::2]
    pixels = pixels_of(view)
    assert pixels.place == address(view)
    flat, start = whole.ravel(), (pixels.place - address(whole)) // pixels.size
    for image, row, column, channel in np.ndindex(view.shape):
        place = image * pixels.image + row * pixels.row + column * pixels.pixel + channel
        assert flat[start + place] == view[image, row, column, channel]
    assert pixel_shape(view) == view.shape


def test_a_matrix_is_images_of_one_pixel():
    rows = whole_numbers((5, 4), "f8")[1::2]
    assert pixel_shape(rows) == (2, 1, 1, 4)
    assert pixels_of(rows)[1:] == (8, 0, 0, 8)


def test_torn_channels_are_refused():
    with pytest.raises(ValueError, match="side by side"):
        pixels_of(np.ones((2, 3, 4, 6))[..., ::2])
    with pytest.raises(ValueError, match="side by side"):
        pixels_of(np.ones((2, 3)).T)
