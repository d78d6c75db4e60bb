"""Stored images come to the batch as they are, from memory or from a mapped file."""

import numpy as np
import pytest

from cvtool.datasets.dataset import Examples
from cvtool.datasets.split import Subset
from cvtool.datasets.stored_batches import StoredBatcher

LABELS = np.arange(12) % 4
INDICES = np.array([1, 3, 5, 7, 9, 11])


@pytest.fixture(params=["memory", "mapped", "apart"])
def examples(request, tmp_path):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12, 6, 5, 3), np.uint8)
    if request.param == "mapped":
        np.save(tmp_path / "images.npy", images)
        images = np.load(tmp_path / "images.npy", mmap_mode="r")
    if request.param == "apart":
        images = np.repeat(images, 2, axis=2)[:, :, ::2]
    return Examples(images, LABELS)


def test_a_batch_holds_the_bytes_and_labels_of_its_positions(examples):
    batcher = StoredBatcher(Subset(examples, INDICES))
    assert batcher.shape == (6, 5, 3)
    out = np.empty((4, *batcher.shape), np.uint8)
    labels = batcher.fill(np.array([5, 0, 2, 0]), out)
    np.testing.assert_array_equal(out, examples.images[[11, 1, 5, 1]])
    assert labels.tolist() == [11 % 4, 1, 5 % 4, 1]


def test_random_numbers_change_nothing(examples):
    batcher = StoredBatcher(Subset(examples, INDICES))
    out = np.empty((6, *batcher.shape), np.uint8)
    batcher.fill(np.arange(6), out, np.random.default_rng(0))
    np.testing.assert_array_equal(out, examples.images[INDICES])
    assert not batcher.augments
