"""The mean of networks: beside a slow twin, and by its laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import ensembles as reference

from cvtool.diagnostics.ensembles import agreement, mean_loss, mean_probabilities, verdict
from cvtool.diagnostics.paired_runs import compare_pair
from cvtool.losses.softmax import log_probabilities, probabilities, softmax_loss

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 5), st.integers(0, 99))


def drawn(members, images, classes, seed, dtype=np.float64):
    random = np.random.default_rng(seed)
    scores = random.normal(0, 3, (members, images, classes)).astype(dtype)
    return scores, random.integers(0, classes, images)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(shape=SHAPES)
def test_mean_and_loss_are_those_of_the_slow_twin(shape, dtype):
    scores, labels = drawn(*shape, dtype)
    slow = [[reference.softmax(map(float, row)) for row in each] for each in map(list, scores)]
    slow = [[list(row) for row in member] for member in slow]
    mean = mean_probabilities([probabilities(each) for each in scores])
    np.testing.assert_allclose(mean, reference.mean(slow), rtol=1e-13)
    loss = mean_loss([log_probabilities(each, labels) for each in scores])
    assert loss == pytest.approx(reference.loss(slow, labels.tolist()), rel=1e-12, abs=1e-14)


@given(shape=SHAPES)
def test_means_of_probabilities_are_probabilities(shape):
    scores, _ = drawn(*shape)
    mean = mean_probabilities([probabilities(each) for each in scores])
    np.testing.assert_allclose(mean.sum(axis=1), 1, rtol=1e-14)
    assert (mean >= 0).all()


@given(shape=SHAPES)
def test_the_order_of_members_changes_no_bit(shape):
    scores, labels = drawn(*shape)
    shares = [probabilities(each) for each in scores]
    logs = [log_probabilities(each, labels) for each in scores]
    means = {mean_probabilities(some).tobytes() for some in permutations(shares)}
    losses = {mean_loss(some) for some in permutations(logs)}
    assert (len(means), len(losses)) == (1, 1)


@pytest.mark.parametrize("copies", [1, 2, 4])
@given(shape=SHAPES)
def test_a_network_with_itself_is_that_network(copies, shape):
    scores, labels = drawn(*shape)
    share = probabilities(scores[0])
    assert mean_probabilities([share] * copies).tobytes() == share.tobytes()
    loss = mean_loss([log_probabilities(scores[0], labels)] * copies)
    assert loss == pytest.approx(softmax_loss(scores[0], labels)[0], rel=1e-12, abs=1e-14)


@given(shape=SHAPES)
def test_the_loss_is_never_more_than_the_mean_of_the_losses(shape):
    """Jensen's inequality: −ln bends upward."""
    scores, labels = drawn(*shape)
    logs = [log_probabilities(each, labels) for each in scores]
    assert mean_loss(logs) <= np.mean([mean_loss([each]) for each in logs]) + 1e-12


def test_what_is_nearly_impossible_costs_a_finite_loss():
    scores = np.array([[0.0, 2000.0]])
    logs = [log_probabilities(scores, np.array([0]))] * 2
    assert mean_loss(logs) == pytest.approx(2000)
    sure = log_probabilities(-scores, np.array([0]))
    assert mean_loss([logs[0], sure]) == pytest.approx(np.log(2))


@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=1, max_size=4))
def test_agreement_is_that_of_the_slow_twin(predictions):
    found = agreement([np.array(each) for each in predictions])
    assert found == reference.agreement(predictions)


def said(only_best, only_ensemble, both=5):
    """Let two be right on as many images as that."""
    counts = (only_best, only_ensemble, both)
    best = np.repeat([True, False, True], counts)
    ensemble = np.repeat([False, True, True], counts)
    return verdict(compare_pair("best", "ensemble", best, ensemble))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0), "right on the very same images as its best member alone"),
        ((2, 2), "right on as many images as its best member alone: 2 gained, 2 lost"),
        # Of six coins all fall alike 2 times in 64.
        ((0, 6), "6 images more than its best member alone: more than chance would make (p = 0.03"),
        ((6, 0), "6 images fewer than its best member alone: more than chance would make"),
        ((0, 1), "1 image more than its best member alone: no more than chance would make (p = 1)"),
        ((1, 4), "3 images more than its best member alone: no more than chance would make"),
    ],
)
def test_verdicts_are_honest(counts, words):
    assert words in said(*counts)
