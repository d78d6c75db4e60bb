"""Estimators need no scikit-learn, and are the models of the commands."""

import copy
import pickle
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import cvtool
from cvtool.api.estimator import NotFittedError, ParameterError
from cvtool.api.tables import TableError
from cvtool.api.threads import as_many_threads_as_pay
from cvtool.config import LinearConfig
from cvtool.datasets.embedded.digits import digits
from cvtool.errors import CvtoolError, UsageError
from cvtool.experiments.preparation import split_as_configured

DIGITS = digits().train
BOTH = [cvtool.NearestNeighborClassifier(k=3), cvtool.LinearClassifier(epochs=20)]
COMMAND: dict[str, Any] = {"epochs": 3, "batch_size": 64, "learning_rate": 0.01}


def fresh(estimator: Any) -> Any:
    return type(estimator)(**estimator.get_params())


@pytest.fixture(params=BOTH, ids=lambda each: type(each).__name__)
def estimator(request: pytest.FixtureRequest) -> Any:
    return fresh(request.param)


def some(count: int = 200, features: int = 6) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    labels = np.arange(count) % 3
    return random.normal(size=(count, features)) + labels[:, None], labels


def test_the_matrix_is_that_of_the_command() -> None:
    data = cvtool.load_data("digits")
    told = cvtool.fit(cvtool.build(data, model="linear", **COMMAND, threads=1))
    train = split_as_configured(LinearConfig(), data.dataset).train
    mine = cvtool.LinearClassifier(**COMMAND).fit(train.images_at(slice(None)), train.labels)
    network = mine._classifier(np.dtype(np.uint8)).network
    assert network.checksum() == told.weights_checksum
    assert mine.loss_curve_[-1] == told.train_loss


def test_neighbors_are_those_of_the_command() -> None:
    data = cvtool.load_data("digits")
    model = cvtool.build(data, model="knn", k=4, metric="l1", ties="nearest")
    train = split_as_configured(LinearConfig(), data.dataset).train
    mine = cvtool.NearestNeighborClassifier(4, "l1", "nearest")
    mine.fit(train.images_at(slice(None)), train.labels)
    test = data.test
    assert test is not None
    told = cvtool.predict(model, test.images)
    assert mine.predict(test.images).tolist() == [int(each.label) for each in told]
    shares = [[*each.probabilities.values()] for each in told]
    np.testing.assert_array_equal(mine.predict_proba(test.images), shares)


@given(arrays(np.uint8, (9, 4)), arrays(np.uint8, (5, 4)), st.sampled_from(["l1", "l2", "cosine"]))
def test_neighbors_of_bytes_are_those_of_the_same_numbers(
    rows: np.ndarray, queries: np.ndarray, metric: str
) -> None:
    labels = np.arange(9) % 2
    mine = cvtool.NearestNeighborClassifier(k=3, metric=metric)
    bytes_ = mine.fit(rows, labels).kneighbors(queries)
    mixed = mine.kneighbors(queries.astype(np.float32))
    wide = mine.fit(rows.astype(np.int64), labels).kneighbors(queries)
    for found in (mixed, wide):
        np.testing.assert_array_equal(found[1], bytes_[1])
        np.testing.assert_allclose(found[0], bytes_[0], atol=1e-12)


def test_neighbors_are_sorted_and_the_first_of_equal_ones_is_nearer() -> None:
    mine = cvtool.NearestNeighborClassifier(k=2).fit([[5], [1], [1], [9]], [*"abca"])
    distances, indices = mine.kneighbors([[1], [8]], n_neighbors=3)
    assert indices.tolist() == [[1, 2, 0], [3, 0, 1]]
    assert distances.tolist() == [[0, 0, 4], [1, 3, 7]]
    assert mine.kneighbors([[1]], return_distance=False).tolist() == [[1, 2]]
    assert mine.predict_proba([[1]]).tolist() == [[0, 0.5, 0.5]]
    assert mine.predict([[1]]).tolist() == ["b"]
    with pytest.raises(TableError, match="5 neighbors are more than the 4 samples"):
        mine.kneighbors([[1]], n_neighbors=5)


@pytest.mark.parametrize("change", [np.asfortranarray, np.float32, np.float64, np.int64], ids=str)
def test_order_and_type_of_numbers_change_nothing(estimator: Any, change: Any) -> None:
    whole, labels = np.rint(some()[0] * 20), some()[1]
    expected = estimator.fit(whole, labels).predict(whole)
    changed = change(whole)
    changed.flags.writeable = False
    np.testing.assert_array_equal(estimator.predict(changed), expected)
    np.testing.assert_array_equal(fresh(estimator).fit(changed, labels).predict(whole), expected)


def test_bytes_and_the_same_numbers_score_alike() -> None:
    images, labels = DIGITS.images[:300], DIGITS.labels[:300]
    mine = cvtool.LinearClassifier(epochs=5).fit(images, labels)
    scores = mine.decision_function(images[:50])
    floats = mine.decision_function(images[:50].astype(np.float64))
    np.testing.assert_allclose(floats, scores, rtol=1e-4, atol=1e-4)
    by_hand = images[:50].reshape(50, -1) @ mine.coef_.T + mine.intercept_
    np.testing.assert_allclose(by_hand, scores, rtol=1e-4, atol=1e-4)
    rows = mine.decision_function(images[:50].reshape(50, -1))
    np.testing.assert_array_equal(rows, scores)


def test_images_are_as_good_as_rows(estimator: Any) -> None:
    images, labels = DIGITS.images[:200], DIGITS.labels[:200]
    estimator.fit(images, labels)
    assert estimator.n_features_in_ == 64
    assert estimator.score(images, labels) > 0.9
    with pytest.raises(TableError, match=r"X has 32 features, but .* is expecting 64 features"):
        estimator.predict(images[:, 4:])


@pytest.mark.parametrize(
    "labels",
    [["b", "c", "a"], [-7, 3, 10**12], [0.0, 5.0, 9.0], [b"x", b"y", b"z"]],
    ids=str,
)
def test_labels_come_back_as_they_were(estimator: Any, labels: list[Any]) -> None:
    samples, positions = some(60)
    named = np.array(labels)[positions]
    predicted = estimator.fit(samples, named).predict(samples)
    assert predicted.dtype == named.dtype
    assert estimator.classes_.tolist() == sorted(labels)
    plain = fresh(estimator).fit(
        samples, np.array([np.sort(labels).tolist().index(each) for each in named.tolist()])
    )
    np.testing.assert_array_equal(predicted, np.sort(labels)[plain.predict(samples)])


def test_two_classes_have_one_score() -> None:
    samples, labels = some(90)
    mine = cvtool.LinearClassifier().fit(samples, labels > 0)
    decided = mine.decision_function(samples)
    assert decided.shape == (90,)
    np.testing.assert_array_equal(decided > 0, mine.predict(samples))
    assert (mine.coef_.shape, mine.intercept_.shape) == ((1, 6), (1,))
    np.testing.assert_allclose(
        samples @ mine.coef_[0] + mine.intercept_, decided, rtol=1e-4, atol=1e-4
    )
    np.testing.assert_allclose(
        mine.predict_proba(samples)[:, 1], 1 / (1 + np.exp(-decided.astype(float))), rtol=1e-5
    )


def test_an_svm_has_no_probabilities() -> None:
    samples, labels = some()
    mine = cvtool.LinearClassifier(loss="svm", margin=2.0).fit(samples, labels)
    assert mine.score(samples, labels) > 0.7
    assert not hasattr(mine, "predict_proba")
    with pytest.raises(AttributeError, match="are no probabilities"):
        mine.predict_proba(samples)
    assert hasattr(cvtool.LinearClassifier(), "predict_proba")


def test_the_same_random_state_gives_the_same_bits() -> None:
    samples, labels = some()

    def learn(random_state: Any) -> list[float]:
        mine = cvtool.LinearClassifier(epochs=2, random_state=random_state)
        return mine.fit(samples, labels).coef_.ravel().tolist()

    assert learn(0) == learn(np.int64(0)) == learn(0)
    assert learn(0) != learn(1)
    assert learn(np.random.RandomState(1)) == learn(np.random.RandomState(1))
    assert learn(np.random.default_rng(1)) == learn(np.random.default_rng(1))
    assert learn(None) != learn(None)
    for wrong in (-1, "one", 0.5):
        with pytest.raises(ParameterError, match="random_state takes a whole number"):
            learn(wrong)


def test_small_steps_take_one_thread_and_leave_the_others_to_whoever_had_them() -> None:
    before = numba.get_num_threads()
    with as_many_threads_as_pay(1000):
        assert numba.get_num_threads() == 1
    with as_many_threads_as_pay(10**9):
        assert numba.get_num_threads() == before
    assert numba.get_num_threads() == before


def test_fitting_again_forgets(estimator: Any) -> None:
    samples, labels = some()
    expected = fresh(estimator).fit(samples, labels).predict(samples)
    estimator.fit(samples[:, :2], labels[::-1])
    np.testing.assert_array_equal(estimator.fit(samples, labels).predict(samples), expected)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
def test_what_was_fitted_can_be_copied_and_stored(estimator: Any, again: Any) -> None:
    samples, labels = some()
    expected = estimator.fit(samples, labels).predict_proba(samples)
    np.testing.assert_array_equal(again(estimator).predict_proba(samples), expected)


def test_small_tables(estimator: Any) -> None:
    one = fresh(estimator).fit([[0.0], [1.0], [2.0]], [0, 0, 1])
    assert one.predict([[0.1]]).shape == (1,)
    constant = fresh(estimator).fit(np.zeros((4, 2)), [0, 0, 0, 1])
    assert constant.predict(np.zeros((3, 2))).tolist() == [0, 0, 0]


def test_one_class() -> None:
    alone = cvtool.NearestNeighborClassifier(k=1).fit([[0.0]], ["only"])
    assert alone.predict([[3.0], [4.0]]).tolist() == ["only"] * 2
    with pytest.raises(TableError, match="y has 1 class, 'only'"):
        cvtool.LinearClassifier().fit([[0.0], [1.0]], ["only"] * 2)


def test_parameters(estimator: Any) -> None:
    for name, value in estimator.get_params().items():
        assert getattr(estimator, name) is value
        estimator.set_params(**{name: value})
    with pytest.raises(ParameterError, match="has no parameter 'neighbors': it has"):
        estimator.set_params(neighbors=3)
    assert repr(cvtool.NearestNeighborClassifier(k=3)) == "NearestNeighborClassifier(k=3)"
    assert repr(cvtool.LinearClassifier(loss="svm")) == "LinearClassifier(loss='svm')"
    with pytest.raises(NotFittedError, match="is not fitted yet"):
        estimator.predict([[0.0]])


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (cvtool.NearestNeighborClassifier(k=0), "--k takes numbers from 1"),
        (cvtool.NearestNeighborClassifier(metric="l3"), "--metric does not know 'l3'"),
        (cvtool.NearestNeighborClassifier(metric="l1,l2"), "one k and one metric"),
        (cvtool.NearestNeighborClassifier(k=201), "at most 200"),
        (cvtool.LinearClassifier(epochs=0), "--epochs takes a number of at least 1"),
        (cvtool.LinearClassifier(loss="hinge"), "--loss does not know 'hinge'"),
        (cvtool.LinearClassifier(epochs=2.5), "'epochs' takes a whole number"),  # type: ignore[arg-type]
        (
            cvtool.LinearClassifier(learning_rate=1e6, optimizer="sgd", batch_size=8),
            "smaller learning_rate than 1e",
        ),
    ],
    ids=repr,
)
def test_parameters_that_cannot_be_are_told(made: Any, words: str) -> None:
    with pytest.raises(CvtoolError, match=words):
        made.fit(*some())


@pytest.mark.parametrize(
    ("samples", "labels", "words"),
    [
        ([1.0, 2.0], [0, 1], "Reshape your data"),
        (np.zeros((4, 2, 2)), [0, 1, 0, 1], "gives gray images their channel"),
        ([[np.nan], [0]], [0, 1], "X contains NaN"),
        ([[np.inf], [0]], [0, 1], "X contains infinity"),
        ([[1e39], [0]], [0.5, 1], "Unknown label type: continuous"),
        (np.zeros((0, 3)), [], "0 sample"),
        (np.zeros((3, 0)), [0, 1, 0], "0 feature"),
        ([[1j], [0]], [0, 1], "Complex data not supported"),
        ([["a"], ["b"]], [0, 1], "no number"),
        ([[0], [1]], None, "requires y to be passed"),
        ([[0], [1]], [0, 1, 2], "inconsistent numbers of samples, 2 and 3"),
        ([[0], [1]], [np.nan, 1], "y contains NaN"),
        ([[0], [1]], [[0, 1], [1, 0]], "y should be a 1d array"),
        ([[0], [1], [2]], np.array(["a", 1, 2], object), "mixes labels"),
    ],
    ids=repr,
)
def test_tables_that_cannot_be_are_told(
    estimator: Any, samples: Any, labels: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        estimator.fit(samples, labels)
    assert isinstance(caught.value, CvtoolError)


def test_a_column_of_labels_is_taken_with_a_warning(estimator: Any) -> None:
    samples, labels = some(30)
    with pytest.warns(UserWarning, match="column-vector"):
        estimator.fit(samples, labels[:, None])
    assert estimator.predict(samples).shape == (30,)


def test_nothing_is_written(estimator: Any) -> None:
    estimator.fit(*some()).predict(some()[0])
    assert [*Path().iterdir()] == []
    assert issubclass(ParameterError, UsageError)
