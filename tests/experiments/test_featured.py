"""Features are computed once, kept, and learned from the training part alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.split import Subset, whole
from cvtool.errors import DataError
from cvtool.experiments.featured import featured, learned_features
from cvtool.features.feature_set import FeatureSet
from cvtool.records import finish

Run = Callable[..., Any]
WORDS = "words:words=8,patches=200,patch=3"


def images(count: int, seed: int = 0) -> Examples:
    random = np.random.default_rng(seed)
    return Examples(
        random.integers(0, 256, (count, 12, 12, 3), np.uint8), np.arange(count, dtype=np.int64) % 2
    )


def a_dataset() -> Dataset:
    return Dataset("noise", ("a", "b"), images(20), test=images(10, seed=1))


@pytest.mark.parametrize("text", ["hog:cell=4", "color+hog:cell=4", "pixels+color"])
def test_features_of_a_subset_are_those_of_its_images_in_their_order(text: str) -> None:
    dataset, features = a_dataset(), FeatureSet.parse(text)
    chosen = Subset(dataset.train, np.array([3, 0, 17]))
    seen = finish(featured(features, dataset, chosen))
    expected = np.empty((3, features.size((12, 12, 3))), np.float32)
    features.write(dataset.train.images[[3, 0, 17]], expected)
    np.testing.assert_array_equal(seen.images_at(slice(None))[:, 0, 0], expected)
    np.testing.assert_array_equal(seen.labels, chosen.labels)


def test_they_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, features = a_dataset(), FeatureSet.parse("hog:cell=4")
    first = finish(featured(features, dataset, whole(dataset.train)))
    monkeypatch.setattr(FeatureSet, "write", None)
    again = finish(featured(features, dataset, whole(dataset.train)))
    np.testing.assert_array_equal(first.images_at(slice(None)), again.images_at(slice(None)))


def test_parts_and_subsets_do_not_take_each_others_place() -> None:
    dataset, features = a_dataset(), FeatureSet.parse("color")
    assert dataset.test is not None
    first = Subset(dataset.train, np.arange(10, dtype=np.int64))
    seen = [finish(featured(features, dataset, each)) for each in (first, whole(dataset.test))]
    assert len(seen[0]) == len(seen[1])
    assert (seen[0].images_at(slice(None)) != seen[1].images_at(slice(None))).any()


def test_what_is_learned_comes_from_the_training_part_alone() -> None:
    dataset = a_dataset()
    train = Subset(dataset.train, np.arange(12, dtype=np.int64))
    features = FeatureSet.parse(WORDS)
    assert features.learns
    learned = finish(learned_features(features, dataset, train, seed=0)).to_arrays()
    changed = dataset.train.images.copy()
    changed[12:] = 0
    other = Dataset("noise", dataset.classes, Examples(changed, dataset.train.labels))
    same = finish(
        learned_features(features, other, Subset(other.train, train.indices), seed=0)
    ).to_arrays()
    assert learned.keys() == same.keys()
    for name, array in learned.items():
        np.testing.assert_array_equal(array, same[name])


def test_what_was_learned_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, features = a_dataset(), FeatureSet.parse(WORDS)
    learned = finish(learned_features(features, dataset, whole(dataset.train), seed=0))
    monkeypatch.setattr(FeatureSet, "fitting", None)
    again = finish(learned_features(features, dataset, whole(dataset.train), seed=0))
    for name, array in learned.to_arrays().items():
        np.testing.assert_array_equal(array, again.to_arrays()[name])


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    dataset, features = a_dataset(), FeatureSet.parse("color")
    first = finish(featured(features, dataset, whole(dataset.train))).images_at(slice(None))
    (kept,) = (tmp_path / "cache").rglob("features.npy")
    kept.write_bytes(kept.read_bytes()[:100])
    again = finish(featured(features, dataset, whole(dataset.train))).images_at(slice(None))
    np.testing.assert_array_equal(first, again)


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    dataset, features = a_dataset(), FeatureSet.parse("color")
    with pytest.raises(DataError, match="cannot keep features"):
        finish(featured(features, dataset, whole(dataset.train)))
