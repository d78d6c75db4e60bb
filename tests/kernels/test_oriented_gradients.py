"""Gradients vote as their slow twin has them vote, in every way that can be chosen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import oriented_gradients as reference
from reference.threads import assert_same_bits

from cvtool.kernels.oriented_gradients import NORMS, Cells, oriented_gradients


def cells_of(levels, side, **choices):
    _, height, width, _ = levels.shape
    plain = {"orientations": 9, "signed": False, "interpolate": True, "spread": True}
    return Cells(height // side, width // side, side, **(plain | choices))


def describe(levels, cells, block=1, norm="none"):
    bins = cells.orientations * (2 if cells.signed else 1)
    blocks = (cells.rows - block + 1) * (cells.columns - block + 1)
    out = np.full((len(levels), blocks * block**2 * bins), np.nan, np.float32)
    oriented_gradients(levels, cells, block=block, norm=norm, out=out)
    return out


def random_levels(count, shape=(16, 12, 3), seed=0, most=256):
    return np.random.default_rng(seed).integers(0, most, (count, *shape)).astype(np.float32)


@settings(max_examples=25)
@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3])),
    side=st.integers(1, 4),
    signed=st.booleans(),
    interpolate=st.booleans(),
    spread=st.booleans(),
    orientations=st.sampled_from([1, 4, 9]),
    most=st.sampled_from([2, 256]),
    seed=st.integers(0, 99),
)
def test_histograms_equal_their_slow_twin(
    shape, side, signed, interpolate, spread, orientations, most, seed
):
    levels = random_levels(2, shape, seed, most)
    if side > min(shape[:2]):
        return
    cells = Cells(
        shape[0] // side, shape[1] // side, side, orientations, signed, interpolate, spread
    )
    expected = [reference.histograms(each, cells).ravel() for each in levels]
    np.testing.assert_allclose(describe(levels, cells), expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("block", [1, 2, 3])
def test_blocks_equal_their_slow_twin(block, norm):
    levels = random_levels(2)
    cells = cells_of(levels, 4)
    expected = [reference.oriented_gradients(each, cells, block, norm) for each in levels]
    np.testing.assert_allclose(describe(levels, cells, block, norm), expected, rtol=1e-4, atol=1e-6)


@settings(max_examples=25)
@given(seed=st.integers(0, 999), most=st.sampled_from([2, 4, 256]), interpolate=st.booleans())
def test_unsigned_orientations_are_signed_ones_folded(seed, most, interpolate):
    levels = random_levels(2, seed=seed, most=most)
    signed = describe(levels, cells_of(levels, 4, signed=True, interpolate=interpolate))
    unsigned = describe(levels, cells_of(levels, 4, interpolate=interpolate))
    folded = signed.reshape(2, -1, 2, 9).sum(axis=2).reshape(2, -1)
    np.testing.assert_allclose(unsigned, folded, rtol=1e-4, atol=1e-3)


def test_no_vote_is_lost_between_cells_and_orientations():
    levels = random_levels(3)
    cells = cells_of(levels, 4)
    total = describe(levels, cells._replace(interpolate=False, spread=False)).sum(axis=1)
    np.testing.assert_allclose(describe(levels, cells).sum(axis=1), total, rtol=1e-5)


def test_light_added_everywhere_changes_nothing():
    levels = random_levels(3, most=200)
    cells = cells_of(levels, 4)
    assert describe(levels + 55, cells).tobytes() == describe(levels, cells).tobytes()


@pytest.mark.parametrize("norm", ["l2", "l2-hys", "l1", "l1-sqrt"])
def test_normalized_blocks_do_not_notice_contrast(norm):
    levels = random_levels(3)
    cells = cells_of(levels, 4)
    fainter = describe(levels / 16, cells, 2, norm)
    np.testing.assert_allclose(fainter, describe(levels, cells, 2, norm), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("signed", [False, True])
def test_a_mirror_permutes_cells_and_orientations(signed):
    levels = random_levels(2, (12, 12, 3))
    # With votes shared between orientations no gradient lies on the border of a bin.
    cells = cells_of(levels, 4, signed=signed)
    here = describe(levels, cells).reshape(2, 3, 3, -1)
    mirrored = describe(levels[:, :, ::-1], cells).reshape(here.shape)[:, :, ::-1]
    half = mirrored[..., ::-1]
    expected = np.roll(half, 9, axis=-1) if signed else half
    np.testing.assert_allclose(here, expected, rtol=1e-4, atol=1e-3)


def test_images_without_gradients_are_zero():
    levels = np.full((1, 8, 8, 3), 7, np.float32)
    for norm in NORMS:
        assert not describe(levels, cells_of(levels, 4), 2, norm).any()


def test_every_orientation_is_told_from_every_other():
    turns = (np.arange(18) + 0.5) / 18 * 2 * np.pi
    y, x = np.mgrid[:30, :30] / 15
    levels = np.stack([x * np.cos(turn) + y * np.sin(turn) for turn in turns])
    levels = levels[..., np.newaxis].astype(np.float32)
    found = describe(levels, Cells(1, 1, 30, 9, True, False, False))
    assert found.argmax(axis=1).tolist() == list(range(18))


def test_images_that_lie_apart_and_rows_with_room_between_are_taken():
    levels = random_levels(4, (16, 24, 3))
    apart = levels[::2, :, ::2]
    cells = cells_of(apart, 4)
    expected = describe(np.ascontiguousarray(apart), cells)
    room = np.zeros((2, expected.shape[1] + 7), np.float32)
    oriented_gradients(apart, cells, block=1, norm="none", out=room[:, 3:-4])
    np.testing.assert_array_equal(room[:, 3:-4], expected)
    assert not room[:, :3].any()
    assert not room[:, -4:].any()
    assert describe(levels[:0], cells_of(levels, 4)).shape[0] == 0


def test_threads_change_no_bit():
    levels = random_levels(21)
    assert_same_bits(lambda: [describe(levels, cells_of(levels, 4), 2, "l2-hys")])


def test_what_does_not_fit_is_refused():
    levels = random_levels(1, (8, 8, 1))
    with pytest.raises(ValueError, match="do not fit images of 8×8"):
        describe(levels, cells_of(levels, 4)._replace(rows=3))
    with pytest.raises(ValueError, match="are not"):
        oriented_gradients(
            levels, cells_of(levels, 4), block=1, norm="l2", out=np.empty((1, 5), np.float32)
        )
