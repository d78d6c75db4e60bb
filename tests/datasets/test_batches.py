"""Batches visit every image once an epoch and hold what preprocessing and augmentation say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher, batch_order
from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset


@given(st.integers(0, 100), st.integers(1, 30), st.none() | st.integers(0, 9), st.integers(0, 5))
def test_each_position_comes_once(count, batch_size, seed, epoch):
    batches = batch_order(count, batch_size, seed, epoch)
    assert sorted(np.concatenate([*batches, []])) == list(range(count))
    assert all(len(batch) == batch_size for batch in batches[:-1])
    again = batch_order(count, batch_size, seed, epoch)
    assert all(np.array_equal(*pair) for pair in zip(batches, again, strict=True))


def test_order_changes_with_seed_and_epoch_and_not_without_a_seed():
    orders = [tuple(batch_order(50, 50, *key)[0]) for key in ((0, 0), (0, 1), (1, 0))]
    assert len(set(orders)) == 3
    assert batch_order(5, 2)[1].tolist() == [2, 3]


def subset_of(stored):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12, 6, 5, 3)).astype(stored)
    return Subset(Examples(images, np.arange(12) % 4), np.array([1, 3, 5, 7, 9, 11]))


@pytest.mark.parametrize("kind", ["none", "mean-image", "channel-mean", "standardize"])
@pytest.mark.parametrize("stored", ["u1", "f4"])
def test_a_batch_is_preprocessed_pixels_and_their_labels(kind, stored):
    subset = subset_of(stored)
    fitted = Preprocessing.fit(kind, subset)
    batcher = Batcher(subset, fitted, dtype=np.float64)
    assert batcher.shape == (6, 5, 3)
    out = np.empty((3, *batcher.shape))
    labels = batcher.fill(np.array([5, 0, 2]), out)
    pixels = subset.examples.images[[11, 1, 5]] / (255.0 if stored == "u1" else 1.0)
    np.testing.assert_allclose(out, (pixels - fitted.mean) / fitted.scale, rtol=1e-5, atol=1e-6)
    assert labels.tolist() == [11 % 4, 1, 5 % 4]


def test_without_random_numbers_nothing_is_augmented():
    subset = subset_of("u1")
    fitted = Preprocessing.fit("standardize", subset)
    batchers = [Batcher(subset, fitted, each) for each in (None, Augmentation(True, True))]
    plain, still, changed = (np.empty((6, 6, 5, 3), np.float32) for _ in range(3))
    positions = np.arange(6)
    batchers[0].fill(positions, plain)
    batchers[1].fill(positions, still)
    batchers[1].fill(positions, changed, np.random.default_rng(0))
    np.testing.assert_array_equal(still, plain)
    assert not np.array_equal(changed, plain)


def test_an_augmented_batch_holds_mirrored_preprocessed_images():
    subset = subset_of("u1")
    fitted = Preprocessing.fit("mean-image", subset)
    plain, flipped = (np.empty((6, 6, 5, 3), np.float32) for _ in range(2))
    Batcher(subset, fitted).fill(np.arange(6), plain)
    random = np.random.default_rng(0)
    Batcher(subset, fitted, Augmentation(flip=True)).fill(np.arange(6), flipped, random)
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(flipped, plain, strict=True)]
    same = [np.array_equal(a, b) for a, b in zip(flipped, plain, strict=True)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert any(mirrored)
    assert any(same)
