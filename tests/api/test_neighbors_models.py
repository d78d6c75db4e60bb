"""Neighbors are asked by the same verbs, and answer as the command does."""

from typing import Any

import numpy as np
import pytest

import cvtool
from cvtool.config import KnnConfig
from cvtool.errors import UsageError
from cvtool.experiments.knn import knn
from cvtool.records import KnnResult


@pytest.mark.parametrize(
    "settings",
    [
        {"k": "1", "metric": "l1"},
        {"k": "6", "metric": "cosine", "ties": "nearest"},
        {"k": "3", "metric": "l2", "preprocess": "standardize", "limit": 200},
        {"k": "4", "metric": "l2", "features": "hog:cell=4", "limit": 100},
    ],
    ids=str,
)
@pytest.mark.parametrize("split", ["val", "test"])
def test_accuracies_are_those_of_the_command(settings: dict[str, Any], split: str) -> None:
    *_, told = knn(KnnConfig(**settings, split=split))
    assert isinstance(told, KnnResult)
    model = cvtool.build(cvtool.load_data("digits"), model="knn", **settings)
    seen = cvtool.evaluate(model, test=split == "test")
    assert (seen.accuracy, seen.images) == (told.best.accuracy, told.queries)
    assert seen.opened == (split == "test")
    assert np.isnan(seen.loss)


def test_predictions_are_votes() -> None:
    images = np.array([0, 10, 20, 30, 200, 210], np.uint8).reshape(6, 1, 1)
    labels = ["low", "low", "low", "low", "high", "high"]
    data = cvtool.load_data(images, labels, validation=(images, labels))
    model = cvtool.build(data, model="knn", k=3, metric="l1")
    one, other = cvtool.predict(model, np.array([2, 199], np.uint8).reshape(2, 1, 1))
    assert (one.label, one.probability, one.probabilities["high"]) == ("low", 1, 0)
    assert (other.label, other.probability) == ("high", pytest.approx(2 / 3))


def test_a_tied_vote_shows_in_the_shares() -> None:
    images = np.array([0, 10, 30, 40], np.uint8).reshape(4, 1, 1)
    data = cvtool.load_data(images, ["b", "a", "b", "a"], validation=(images, ["a"] * 3 + ["b"]))
    query = np.zeros((1, 1, 1), np.uint8)
    for ties, winner in (("smallest", "a"), ("nearest", "b")):
        model = cvtool.build(data, model="knn", k=2, metric="l1", ties=ties)
        (told,) = cvtool.predict(model, query)
        assert (told.label, told.probability) == (winner, 0.5)


def test_there_is_nothing_to_learn() -> None:
    model = cvtool.build(cvtool.load_data("digits"), model="knn", k=1)
    with pytest.raises(UsageError, match="nearest neighbors have nothing to learn"):
        cvtool.fit(model)
    assert repr(model) == "<NeighborsModel k=1 metric=l1>"


def test_more_neighbors_than_images_are_told_at_once() -> None:
    data = cvtool.load_data(np.zeros((6, 2, 2), np.uint8), [0, 1] * 3)
    with pytest.raises(UsageError, match="asks for more neighbors than the"):
        cvtool.build(data, model="knn", k=9)
