"""Colors are counted as their slow twin counts them, and all of them are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import histograms as reference
from reference.threads import assert_same_bits

from cvtool.kernels.histograms import color_histograms


def describe(levels, *, hue=False, bins=4, cells=1):
    size = cells**2 * (bins if hue else bins ** levels.shape[3])
    out = np.full((len(levels), size), np.nan, np.float32)
    color_histograms(levels, hue=hue, bins=bins, cells=cells, out=out)
    return out


def random_levels(count, shape=(6, 5, 3), seed=0, most=256):
    return np.random.default_rng(seed).integers(0, most, (count, *shape)).astype(np.float32)


@settings(max_examples=40)
@given(
    shape=st.tuples(st.integers(1, 7), st.integers(1, 7), st.sampled_from([1, 3])),
    bins=st.integers(1, 7),
    cells=st.integers(1, 3),
    hue=st.booleans(),
    most=st.sampled_from([2, 256]),
    seed=st.integers(0, 99),
)
def test_histograms_equal_their_slow_twin(shape, bins, cells, hue, most, seed):
    levels = random_levels(2, shape, seed, most) * (255 / (most - 1))
    choices = {"hue": hue and shape[2] == 3, "bins": bins, "cells": min(cells, *shape[:2])}
    expected = [reference.color_histogram(each, **choices) for each in levels]
    found = describe(levels, **choices)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    if not choices["hue"]:
        sums = found.reshape(2, choices["cells"] ** 2, -1).sum(axis=2)
        np.testing.assert_allclose(sums, 1, rtol=1e-6)


def test_gray_pixels_have_no_hue():
    gray = np.repeat(random_levels(3, (4, 4, 1)), 3, axis=3)
    assert not describe(gray, hue=True).any()
    gray[:, 1, 2] = (9, 5, 5)
    np.testing.assert_array_equal(describe(gray, hue=True), [[1, 0, 0, 0]] * 3)


@pytest.mark.parametrize(("channel", "place"), [(0, 0), (1, 4), (2, 8)])
def test_hues_are_told_apart(channel, place):
    levels = np.zeros((1, 2, 2, 3), np.float32)
    levels[..., channel] = 200
    assert describe(levels, hue=True, bins=12).argmax() == place
    yellow = np.array([[[[200, 200, 0]]]], np.float32)
    assert describe(yellow, hue=True, bins=12).argmax() == 2


def test_hue_does_not_change_with_brightness():
    levels = random_levels(5)
    np.testing.assert_allclose(
        describe(levels / 2, hue=True, bins=5), describe(levels, hue=True, bins=5), rtol=1e-5
    )


def test_where_in_the_image_a_color_is_matters_to_cells_alone():
    levels = random_levels(4, (6, 6, 3))
    shuffled = np.random.default_rng(1).permutation(levels.reshape(4, 36, 3), axis=1)
    shuffled = shuffled.reshape(levels.shape)
    assert describe(levels).tobytes() == describe(shuffled).tobytes()
    assert describe(levels, cells=2).tobytes() != describe(shuffled, cells=2).tobytes()
    whole = describe(levels, cells=2).reshape(4, 4, -1).mean(axis=1)
    np.testing.assert_allclose(whole, describe(levels), atol=1e-6)


def test_images_that_lie_apart_are_taken():
    levels = random_levels(4, (6, 8, 3))
    apart = levels[::2, :, ::2]
    np.testing.assert_array_equal(describe(apart), describe(apart.copy()))
    assert describe(levels[:0]).shape == (0, 64)


def test_threads_change_no_bit():
    levels = random_levels(21)
    assert_same_bits(lambda: [describe(levels, cells=2), describe(levels, hue=True)])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="do not make"):
        describe(random_levels(1), cells=6)
    with pytest.raises(ValueError, match="three channels, not 1"):
        describe(random_levels(1, (4, 4, 1)), hue=True)
