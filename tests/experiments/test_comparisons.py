"""Which images are compared with which: nothing is learned of what is asked about."""

from typing import Any

import numpy as np
import pytest

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.errors import DataError, UsageError
from cvtool.experiments.comparisons import compare

CLASSES = ("cat", "dog")


def examples(count: int, left_out: tuple[int, ...] = ()) -> Examples:
    images = np.zeros((count, 2, 2, 1), np.uint8)
    return Examples(images, np.arange(count) % 2, left_out=np.array(left_out, np.int64))


def dataset(**parts: Any) -> Dataset:
    return Dataset("pets", CLASSES, examples(20), **parts)


def test_images_held_out_are_compared_with_the_rest() -> None:
    some = dataset()
    [only] = compare(KnnConfig(val_fraction=0.3), some)
    assert (only.queries.examples, only.train.examples) == (some.train, some.train)
    both = np.concatenate([only.queries.indices, only.train.indices])
    np.testing.assert_array_equal(np.sort(both), np.arange(20))
    assert len(only.queries) == 6


def test_images_to_choose_on_that_a_data_set_brings_are_taken() -> None:
    some = dataset(validation=examples(8, left_out=(3,)))
    [only] = compare(KnnConfig(), some)
    assert (only.queries.examples, len(only.queries)) == (some.validation, 7)
    assert len(only.train) == 20


def test_test_images_are_compared_with_all_that_was_held_out_too() -> None:
    some = dataset(test=examples(5), validation=examples(8))
    [only] = compare(KnnConfig(split="test"), some)
    assert (only.queries.examples, len(only.queries)) == (some.test, 5)
    assert (only.train.examples, len(only.train)) == (some.train, 20)


def test_folds_are_of_training_images_alone() -> None:
    some = dataset(test=examples(5), validation=examples(8))
    comparisons = compare(KnnConfig(folds=4), some)
    assert len(comparisons) == 4
    for each in comparisons:
        assert (each.queries.examples, each.train.examples) == (some.train, some.train)
        assert not set(each.queries.indices) & set(each.train.indices)


@pytest.mark.parametrize("split", ["val", "test"])
def test_the_limit_is_of_training_images_alone(split: str) -> None:
    some = dataset(test=examples(16), validation=examples(18))
    [only] = compare(KnnConfig(split=split, limit=10), some)
    assert len(only.train) == 10
    assert len(only.queries) == {"val": 18, "test": 16}[split]


def test_test_images_that_are_all_left_out_are_none() -> None:
    with pytest.raises(DataError, match="pets has no test images: take --split val"):
        compare(KnnConfig(split="test"), dataset(test=examples(2, left_out=(0, 1))))


def test_more_neighbors_than_images_are_refused() -> None:
    assert compare(KnnConfig(k="16"), dataset())
    with pytest.raises(UsageError, match="--k 17 asks for more neighbors than the 16 training"):
        compare(KnnConfig(k="3,17"), dataset())
