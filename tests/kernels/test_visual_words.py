"""Patches are compared with words as their slow twin compares them, one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import visual_words as reference
from reference.threads import assert_same_bits

from cvtool.kernels.visual_words import Patches, count_words, fold


def random_levels(count, shape=(9, 8, 3), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape)).astype(np.float32)


def random_knowledge(size, words, seed=0):
    """Return mean, symmetric whitening and words, as they might have been learned."""
    random = np.random.default_rng(seed)
    matrix = np.eye(size) + 0.1 * random.normal(size=(size, size))
    return [
        each.astype(np.float32)
        for each in (
            0.1 * random.normal(size=size),
            matrix + matrix.T,
            random.normal(size=(words, size)),
        )
    ]


def describe(levels, knowledge, patches, coding="triangle"):
    vocabulary = fold(*knowledge, distances=coding == "triangle")
    out = np.full((len(levels), patches.cells**2 * vocabulary.words), np.nan, np.float32)
    count_words(levels, vocabulary, patches, out)
    return out


@settings(max_examples=20)
@given(
    shape=st.tuples(st.integers(3, 14), st.integers(3, 14), st.sampled_from([1, 3])),
    side=st.integers(1, 3),
    stride=st.integers(1, 2),
    cells=st.integers(1, 2),
    words=st.integers(1, 40),
    coding=st.sampled_from(["triangle", "hard"]),
    seed=st.integers(0, 99),
)
def test_codes_equal_their_slow_twin(shape, side, stride, cells, words, coding, seed):
    levels = random_levels(2, shape, seed)
    patches = Patches(side, stride, min(cells, (min(shape[:2]) - side) // stride + 1))
    knowledge = random_knowledge(side**2 * shape[2], words, seed)
    expected = [reference.count_words(each, *knowledge, patches, coding) for each in levels]
    found = describe(levels, knowledge, patches, coding)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=2e-3)


@pytest.mark.parametrize(("side", "words"), [(6, 50), (5, 17)])
def test_codes_of_many_patches_equal_their_slow_twin(side, words):
    levels, patches = random_levels(1, (20, 19, 3)), Patches(side, 1, 2)
    knowledge = random_knowledge(side**2 * 3, words)
    expected = reference.count_words(levels[0], *knowledge, patches, "triangle")
    np.testing.assert_allclose(describe(levels, knowledge, patches)[0], expected, rtol=1e-3)


def test_every_patch_counts_once():
    levels, patches = random_levels(3, (9, 7, 3)), Patches(2, 1, 2)
    found = describe(levels, random_knowledge(12, 9), patches, "hard")
    assert (found == np.rint(found)).all()
    # 8 × 6 patches in 2 × 2 cells
    assert found.reshape(3, 4, 9).sum(axis=2).tolist() == [[12] * 4] * 3


def test_light_and_contrast_change_little():
    levels, patches = random_levels(3), Patches(3, 1, 1)
    knowledge = random_knowledge(27, 12)
    found = describe(levels, knowledge, patches)
    np.testing.assert_allclose(
        describe(levels * 0.5 + 60, knowledge, patches), found, rtol=0.02, atol=0.02
    )


def test_words_in_another_order_give_numbers_in_that_order():
    levels, patches = random_levels(2), Patches(3, 1, 1)
    mean, whitening, words = random_knowledge(27, 20)
    order = np.random.default_rng(3).permutation(20)
    found = describe(levels, (mean, whitening, words), patches)
    permuted = describe(levels, (mean, whitening, words[order]), patches)
    np.testing.assert_allclose(permuted, found[:, order], rtol=1e-5)


def test_an_image_is_described_alike_whatever_stands_beside_it():
    levels, patches = random_levels(7), Patches(3, 1, 2)
    knowledge = random_knowledge(27, 20)
    whole = describe(levels, knowledge, patches)
    for at in range(7):
        assert describe(levels[at : at + 1], knowledge, patches).tobytes() == whole[at].tobytes()
    assert describe(levels[:0], knowledge, patches).shape == (0, 80)


def test_images_of_one_color_are_the_mean_of_nothing():
    levels = np.full((1, 5, 5, 3), 200, np.float32)
    knowledge = random_knowledge(12, 9)
    expected = reference.count_words(levels[0], *knowledge, Patches(2, 1, 1), "triangle")
    found = describe(levels, knowledge, Patches(2, 1, 1))
    np.testing.assert_allclose(found[0], expected, rtol=1e-3, atol=1e-3)


def test_threads_change_no_bit():
    levels, knowledge = random_levels(9), random_knowledge(27, 30)
    for coding in ("triangle", "hard"):
        assert_same_bits(
            lambda coding=coding: [describe(levels, knowledge, Patches(3, 1, 2), coding)]
        )


def test_what_does_not_fit_is_refused():
    knowledge = random_knowledge(27, 5)
    with pytest.raises(ValueError, match="do not fill 2 cells"):
        describe(random_levels(1, (3, 3, 3)), knowledge, Patches(3, 1, 2))
    with pytest.raises(ValueError, match="are of other patches"):
        describe(random_levels(1), knowledge, Patches(2, 1, 1))
    with pytest.raises(ValueError, match="are not"):
        count_words(
            random_levels(1),
            fold(*knowledge, distances=True),
            Patches(3, 1, 1),
            np.empty((1, 4), np.float32),
        )
