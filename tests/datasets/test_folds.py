"""Laws of folds: a partition, even in all and in each class, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.folds import cut_into_folds
from cvtool.datasets.split import whole_training_part
from cvtool.errors import UsageError


def dataset(labels):
    labels = np.asarray(labels, np.int64)
    return Dataset("some", tuple("abcd"), Examples(np.zeros((len(labels), 1, 1, 1)), labels))


labelings = st.lists(st.integers(0, 3), min_size=2, max_size=120)
seeds = st.integers(0, 2**32)


@given(labelings, seeds, st.data())
def test_folds_are_a_partition_and_even_in_all_and_in_each_class(labels, seed, data):
    count = data.draw(st.integers(2, len(labels)))
    limit = data.draw(st.none() | st.integers(count, 2 * len(labels)))
    some = dataset(labels)
    folds = cut_into_folds(some, count, limit=limit, seed=seed)
    used = whole_training_part(some, limit=limit, seed=seed).indices
    assert len(used) == min(len(labels), limit or len(labels))
    held_out = [fold.validation.indices for fold in folds]
    np.testing.assert_array_equal(np.sort(np.concatenate(held_out)), used)
    for fold in folds:
        both = np.concatenate([fold.train.indices, fold.validation.indices])
        np.testing.assert_array_equal(np.sort(both), used)
    counts = [np.bincount(fold.validation.labels, minlength=4) for fold in folds]
    assert np.ptp([len(each) for each in held_out]) <= 1
    assert np.ptp(counts, axis=0).max() <= 1


@given(seeds)
def test_the_seed_alone_decides(seed):
    one, same, other = (
        cut_into_folds(dataset([0, 1, 2, 3] * 20), 4, limit=60, seed=each)
        for each in (seed, seed, seed + 1)
    )
    np.testing.assert_array_equal(one[2].validation.indices, same[2].validation.indices)
    assert not np.array_equal(one[2].validation.indices, other[2].validation.indices)


def test_more_folds_than_images_are_refused():
    with pytest.raises(UsageError, match="--folds 5 needs at least 5 images but some has 4"):
        cut_into_folds(dataset([0, 1, 2, 3]), 5, limit=None, seed=0)
    with pytest.raises(UsageError, match="within --limit: take fewer folds"):
        cut_into_folds(dataset([0, 1, 2, 3]), 4, limit=3, seed=0)
