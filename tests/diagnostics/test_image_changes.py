"""Changes keep shape and type, and do to pixels what they say."""

import numpy as np
import pytest

from cvtool.diagnostics.image_changes import (
    changes_for,
    cover,
    darken,
    draw_checkerboard,
    invert,
    shift,
)


@pytest.fixture(params=[np.uint8, np.float32])
def images(request):
    random = np.random.default_rng(0)
    levels = random.integers(0, 256, (5, 9, 12, 3), dtype=np.uint8)
    return levels if request.param == np.uint8 else (levels / 255).astype(np.float32)


def test_every_change_keeps_shape_and_type_and_leaves_the_images_alone(images):
    before = images.copy()
    for change in changes_for(12).values():
        changed = change(images)
        assert changed.shape == images.shape
        assert changed.dtype == images.dtype
        assert not np.array_equal(changed, images)
    assert np.array_equal(images, before)


def test_narrow_images_are_shifted_less():
    shifts = ["shifted by 1 pixel", "shifted by 2 pixels"]
    assert list(changes_for(3)) == [*shifts, "darkened", "with a box"]
    assert len(changes_for(32)) == 6


def test_a_shift_repeats_the_left_edge(images):
    assert np.array_equal(shift(images, 0), images)
    shifted = shift(images, 3)
    assert np.array_equal(shifted[:, :, 3:], images[:, :, :-3])
    assert np.array_equal(shifted[:, :, :3], images[:, :, :1].repeat(3, axis=2))


def test_less_light_is_seventy_percent(images):
    tolerance = 0.501 if images.dtype == np.uint8 else 1e-6
    assert np.abs(darken(images) - 0.7 * images.astype(np.float64)).max() <= tolerance


def test_a_box_covers_the_middle_and_nothing_else(images):
    covered = cover(images)
    assert not covered[:, 3:6, 4:8].any()
    covered[:, 3:6, 4:8] = images[:, 3:6, 4:8]
    assert np.array_equal(covered, images)


def test_a_negative_of_a_negative_is_the_image(images):
    assert invert(invert(images)) == pytest.approx(images)
    assert np.ptp(invert(images).astype(float) + images) <= 1e-6


@pytest.mark.parametrize("shape", [(32, 32, 3), (8, 8, 1), (5, 7, 3), (1, 2, 1)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_checkerboard_is_black_and_white_and_its_negative_is_itself_moved(shape, dtype):
    board = draw_checkerboard(shape, np.dtype(dtype))
    assert board.shape == (1, *shape)
    assert board.dtype == dtype
    white = 255 if dtype == np.uint8 else 1
    assert set(np.unique(board)) == {0, white}
    side = max(1, min(shape[:2]) // 8)
    assert np.array_equal(invert(board)[:, :, side:], board[:, :, :-side])
