"""Laws of the split: disjoint, complete, stratified, and the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.split import split, whole
from cvtool.errors import DataError, UsageError


def examples(labels):
    images = np.arange(len(labels), dtype=np.float64).reshape(-1, 1, 1, 1)
    return Examples(images, np.asarray(labels, np.int64))


def dataset(labels, classes=4, **parts):
    return Dataset("some", tuple("abcdefgh"[:classes]), examples(labels), **parts)


labelings = st.lists(st.integers(0, 3), min_size=2, max_size=200)
fractions = st.floats(0.01, 0.99)
seeds = st.integers(0, 2**32)


def counts(labels):
    return np.bincount(labels, minlength=4)


@given(labelings, fractions, seeds)
def test_parts_are_disjoint_and_complete_and_keep_shares(labels, fraction, seed):
    sizes = counts(labels)
    if sizes.max() < 2:
        with pytest.raises(UsageError, match="no image can be held out"):
            split(dataset(labels), val_fraction=fraction, limit=None, seed=seed)
        return
    parts = split(dataset(labels), val_fraction=fraction, limit=None, seed=seed)
    indices = np.concatenate([parts.train.indices, parts.validation.indices])
    assert sorted(indices) == list(range(len(labels)))
    held_out = counts(parts.validation.labels)
    assert (np.abs(held_out - sizes * fraction) < 1 + 1e-9).all()
    several = sizes >= 2
    assert (held_out[several] >= 1).all()
    assert (counts(parts.train.labels)[several] >= 1).all()


@given(labelings, st.integers(2, 220), seeds)
def test_limit_keeps_shares_and_counts_before_the_split(labels, limit, seed):
    brought = dataset(labels, validation=examples([0, 1]))
    parts = split(brought, val_fraction=0.5, limit=limit, seed=seed)
    assert len(parts.train) == min(limit, len(labels))
    exact = counts(labels) * min(1, limit / len(labels))
    assert (np.abs(counts(parts.train.labels) - exact) < 1 + 1e-9).all()


@given(seeds)
def test_the_seed_alone_decides(seed):
    labels = [0, 1, 2, 3] * 20
    first, again, other = (
        split(dataset(labels), val_fraction=0.25, limit=60, seed=each)
        for each in (seed, seed, seed + 1)
    )
    np.testing.assert_array_equal(first.train.indices, again.train.indices)
    np.testing.assert_array_equal(first.validation.indices, again.validation.indices)
    assert not np.array_equal(first.validation.indices, other.validation.indices)


def test_balanced_classes_are_held_out_alike():
    parts = split(dataset([0, 1, 2, 3] * 25), val_fraction=0.2, limit=None, seed=0)
    assert counts(parts.validation.labels).tolist() == [5, 5, 5, 5]
    assert counts(parts.train.labels).tolist() == [20, 20, 20, 20]


def test_rounding_adds_up():
    parts = split(dataset([0, 1, 2, 3] * 7), val_fraction=0.2, limit=None, seed=0)
    assert len(parts.validation) == round(28 * 0.2)


def test_validation_images_that_are_there_are_used():
    brought = dataset([0, 1] * 5, validation=examples([1, 1, 0]))
    parts = split(brought, val_fraction=0.2, limit=4, seed=0)
    assert len(parts.train) == 4
    assert parts.validation.labels.tolist() == [1, 1, 0]


def test_bad_requests_are_told():
    with pytest.raises(DataError, match="at least 2 training images but some has 1"):
        split(dataset([0]), val_fraction=0.5, limit=None, seed=0)
    with pytest.raises(UsageError, match="at most one within --limit: use more images"):
        split(dataset([0, 1, 2, 3] * 9), val_fraction=0.5, limit=4, seed=0)


def test_subsets_answer_by_position():
    subset = split(dataset([0, 1] * 5), val_fraction=0.4, limit=None, seed=0).train
    assert (subset.labels == subset.indices % 2).all()
    np.testing.assert_array_equal(
        subset.images_at(np.array([2, 0])).ravel(), subset.indices[[2, 0]]
    )
    everything = whole(subset.examples)
    assert len(everything) == 10
    np.testing.assert_array_equal(everything.images_at(slice(3, 5)).ravel(), [3, 4])
