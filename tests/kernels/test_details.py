"""Details differ by what re-saving cannot explain, as the slow twin reckons it by least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import details as reference
from reference.textures import RESAVED, mirrored, textures
from reference.threads import assert_same_bits

from cvtool.kernels.details import detail_differences, details
from cvtool.kernels.pictures import gray_pictures
from cvtool.kernels.projection import unexplained


def compare(looks, pairs, mirrors=None):
    firsts, seconds = np.array(pairs, np.int64).reshape(-1, 2).T
    flags = np.zeros(len(firsts), np.bool_) if mirrors is None else np.array(mirrors)
    return detail_differences(looks, firsts, seconds, flags)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32),
    size=st.integers(2, 8),
    dimensions=st.integers(1, 12),
    dependent=st.booleans(),
)
def test_what_others_explain_is_what_least_squares_fits(seed, size, dimensions, dependent):
    vectors = np.random.default_rng(seed).normal(size=(size, dimensions))
    if dependent:
        vectors[-1] = 2 * vectors[1]
    fit, *_ = np.linalg.lstsq(vectors[1:].T, vectors[0], rcond=1e-10)
    rest = vectors[0] - fit @ vectors[1:]
    assert unexplained(vectors @ vectors.T) == pytest.approx(rest @ rest, abs=1e-5)


def test_details_equal_their_slow_twin():
    pictures = gray_pictures(textures(0, 3))
    expected = [reference.details(picture) for picture in pictures]
    np.testing.assert_allclose(details(pictures), expected, atol=2e-3)
    assert details(pictures[:0]).shape == (0, 32, 32)


def test_differences_equal_their_slow_twin():
    images = textures(1, 6)
    images = np.concatenate([images, [change(images[0]) for change in RESAVED]])
    looks = details(gray_pictures(images))
    pairs = [(0, other) for other in range(1, len(images))] + [(2, 2), (3, 4)]
    shares, _ = compare(looks, pairs)
    expected = [reference.difference(looks[i], looks[j]) for i, j in pairs]
    np.testing.assert_allclose(shares, expected, rtol=1e-4, atol=1e-4)
    assert compare(looks, [])[0].shape == (0,)


def test_differences_are_symmetric():
    looks = details(gray_pictures(textures(2, 8)))
    pairs = [(i, j) for i in range(8) for j in range(i)]
    turned = [(j, i) for i, j in pairs]
    for mirror in (False, True):
        mirrors = [mirror] * len(pairs)
        there, back = compare(looks, pairs, mirrors), compare(looks, turned, mirrors)
        np.testing.assert_allclose(there, back, rtol=1e-6)


@pytest.mark.parametrize("change", RESAVED, ids=lambda change: change.__name__)
def test_copies_differ_little_and_others_much(change):
    images = textures(3, 20)
    looks = details(gray_pictures(np.concatenate([images, [change(each) for each in images]])))
    mirror = [change is mirrored] * 20
    copies, levels = compare(looks, [(at, 20 + at) for at in range(20)], mirror)
    others, _ = compare(looks, [(at, 20 + (at + 1) % 20) for at in range(20)], mirror)
    assert copies.max() < 0.4
    assert others.min() > 0.8
    assert (levels < 40 * copies).all()


def test_levels_scale_with_the_pictures_and_shares_do_not():
    looks = details(gray_pictures(textures(4, 2)))
    shares, levels = compare(looks, [(0, 1)])
    fainter_shares, fainter_levels = compare(looks / 4, [(0, 1)])
    assert fainter_shares == pytest.approx(shares, rel=1e-5)
    assert fainter_levels == pytest.approx(levels / 4, rel=1e-5)


def test_nothing_is_like_a_picture_without_details():
    pictures = np.full((2, 32, 32), 9, np.float32)
    pictures[1] = gray_pictures(textures(5, 1))[0]
    shares, levels = compare(details(pictures), [(0, 0), (0, 1)])
    assert np.isinf(shares).all()
    assert np.isinf(levels).all()


def test_threads_do_not_change_bits():
    pictures = gray_pictures(textures(6, 40))
    pairs = [(i, (7 * i + 1) % 40) for i in range(40)]
    assert_same_bits(lambda: [details(pictures), *compare(details(pictures), pairs)])


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="32×32"):
        details(np.zeros((1, 8, 8), np.float32))
