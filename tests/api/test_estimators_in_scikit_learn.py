"""Scikit-learn takes the estimators for its own, and finds the same as its own."""

import warnings
from typing import Any

import numpy as np
import pytest

import cvtool

pytest.importorskip("sklearn", minversion="1.6", reason="the peer is scikit-learn")

from sklearn.base import clone, is_classifier
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

pytestmark = pytest.mark.peer

ESTIMATORS = [
    cvtool.NearestNeighborClassifier(),
    cvtool.NearestNeighborClassifier(k=1, metric="l1", ties="nearest"),
    cvtool.LinearClassifier(epochs=40),
    cvtool.LinearClassifier(epochs=40, loss="svm"),
]

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # they do not inherit from scikit-learn
    all_checks = parametrize_with_checks(ESTIMATORS)  # none is expected to fail


@pytest.mark.slow
@all_checks
def test_scikit_learns_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_they_can_be_cloned_and_searched(estimator: Any) -> None:
    images, labels = load_iris(return_X_y=True)
    assert is_classifier(estimator)
    assert clone(estimator).get_params() == estimator.get_params()
    pipeline = make_pipeline(StandardScaler(), estimator)
    assert cross_val_score(pipeline, images, labels, cv=3).mean() > 0.8
    name = "k" if "k" in estimator.get_params() else "strength"
    search = GridSearchCV(estimator, {name: [1, 2]}, cv=3).fit(images, labels)
    assert search.best_params_[name] in (1, 2)


@pytest.mark.parametrize(("metric", "name"), [("l1", "manhattan"), ("l2", "euclidean")])
@pytest.mark.parametrize("k", [1, 5])
def test_neighbors_are_the_same(metric: str, name: str, k: int) -> None:
    samples, labels = load_digits(return_X_y=True)
    known, asked, known_labels, asked_labels = train_test_split(
        samples, labels, test_size=300, random_state=0
    )
    # Whole numbers, whose distances are exact, and moved so that no two are alike.
    random = np.random.default_rng(0)
    known, asked = (each * 4096 + random.integers(0, 4096, each.shape) for each in (known, asked))
    mine = cvtool.NearestNeighborClassifier(k, metric).fit(known, known_labels)
    peer = KNeighborsClassifier(k, metric=name, algorithm="brute").fit(known, known_labels)
    np.testing.assert_array_equal(mine.kneighbors(asked)[1], peer.kneighbors(asked)[1])
    np.testing.assert_allclose(mine.kneighbors(asked)[0], peer.kneighbors(asked)[0], rtol=1e-9)
    np.testing.assert_array_equal(mine.predict(asked), peer.predict(asked))
    np.testing.assert_allclose(mine.predict_proba(asked), peer.predict_proba(asked))
    assert mine.score(asked, asked_labels) == peer.score(asked, asked_labels)


@pytest.mark.slow
@pytest.mark.parametrize("load", [load_digits, load_breast_cancer, load_iris])
def test_a_matrix_is_about_as_good_as_logistic_regression(load: Any) -> None:
    samples, labels = load(return_X_y=True)
    known, asked, known_labels, asked_labels = train_test_split(
        samples, labels, test_size=0.3, random_state=0, stratify=labels
    )
    peer = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    expected = peer.fit(known, known_labels).score(asked, asked_labels)
    for loss, rate in (("softmax", 0.03), ("svm", 0.03), ("squared-svm", 0.003)):
        mine = cvtool.LinearClassifier(loss, learning_rate=rate).fit(known, known_labels)
        assert mine.score(asked, asked_labels) > expected - 0.05
