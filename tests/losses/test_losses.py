"""Losses: laws, central differences, and PyTorch's values."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import losses as reference
from reference.batches import random_batch
from reference.differences import numerical_gradient

from cvtool.config import LOSSES as NAMES
from cvtool.losses.registry import LOSSES, make_loss
from cvtool.losses.softmax import probabilities, softmax_loss
from cvtool.losses.svm import squared_svm_loss, svm_loss

LABELS = np.array([0, 2, 2, 1, 4])
MARGINS = [1.0, 0.3, 10.0]


@pytest.fixture(params=LOSSES)
def loss(request):
    return make_loss(request.param)


def test_every_choice_is_known():
    assert set(NAMES) <= set(LOSSES)


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("name", LOSSES)
def test_gradient_agrees_with_central_differences(name, margin):
    loss = make_loss(name, margin)
    scores = random_batch((5, 6), np.float64)
    _, gradient = loss(scores, LABELS)
    expected = numerical_gradient(lambda scores: loss(scores, LABELS)[0], scores)
    np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-9)


@given(shift=st.floats(-1e4, 1e4), seed=st.integers(0, 999))
def test_only_differences_of_scores_matter(shift, seed):
    scores = random_batch((5, 6), np.float64, seed)
    for each in map(make_loss, LOSSES):
        value, gradient = each(scores, LABELS)
        shifted, shifted_gradient = each(scores + shift, LABELS)
        assert shifted == pytest.approx(value, rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(shifted_gradient, gradient, atol=1e-9)
        np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-12)


def test_an_untrained_network_pays_what_the_notes_say():
    scores = np.zeros((5, 10), np.float32)
    assert softmax_loss(scores, LABELS)[0] == pytest.approx(log(10))
    assert svm_loss(scores, LABELS)[0] == pytest.approx(9)
    assert svm_loss(scores, LABELS, 0.5)[0] == pytest.approx(4.5)
    assert squared_svm_loss(scores, LABELS, 0.5)[0] == pytest.approx(9 * 0.25)


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("svm", [svm_loss, squared_svm_loss])
def test_svms_are_content_beyond_the_margin(svm, margin):
    scores = np.full((5, 6), -margin)
    scores[np.arange(5), LABELS] = 0
    value, gradient = svm(scores, LABELS, margin)
    assert value == 0
    assert not gradient.any()


@pytest.mark.parametrize("margin", MARGINS)
def test_svms_equal_their_slow_twins(margin):
    scores = random_batch((5, 6), np.float64)
    for power, svm in ((1, svm_loss), (2, squared_svm_loss)):
        value, gradient = svm(scores, LABELS, margin)
        expected = reference.svm(scores, LABELS, margin, power)
        assert value == pytest.approx(expected[0], rel=1e-13)
        np.testing.assert_allclose(gradient, expected[1], rtol=1e-13, atol=1e-15)


@given(share=st.floats(0.01, 100), seed=st.integers(0, 999))
def test_the_margin_is_only_the_unit_of_scores(share, seed):
    scores = random_batch((5, 6), np.float64, seed)
    for power, svm in ((1, svm_loss), (2, squared_svm_loss)):
        value, gradient = svm(scores, LABELS)
        scaled, scaled_gradient = svm(share * scores, LABELS, share)
        assert scaled == pytest.approx(share**power * value)
        np.testing.assert_allclose(scaled_gradient, share ** (power - 1) * gradient, rtol=1e-6)


def test_extreme_scores_neither_overflow_nor_warn():
    scores = np.array([[1e30, -1e30, 0.0]], np.float32)
    value, gradient = softmax_loss(scores, np.array([0]))
    assert value == 0
    assert not gradient.any()
    assert softmax_loss(scores, np.array([1]))[0] == pytest.approx(2e30)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_divergence_shows(loss, bad):
    scores = np.full((2, 3), bad, np.float32)
    assert np.isnan(loss(scores, np.array([0, 1]))[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_have_the_type_of_the_scores_and_empty_batches_cost_nothing(loss, dtype):
    value, gradient = loss(np.empty((0, 3), dtype), np.empty(0, np.int64))
    assert value == 0
    assert gradient.shape == (0, 3)
    assert gradient.dtype == dtype


@given(seed=st.integers(0, 999), shift=st.floats(-500, 500))
def test_probabilities_are_positive_and_sum_to_one(seed, shift):
    scores = random_batch((4, 7), np.float64, seed)
    result = probabilities(scores + shift)
    assert (result > 0).all()
    np.testing.assert_allclose(result.sum(axis=1), 1)
    np.testing.assert_array_equal(result.argmax(axis=1), scores.argmax(axis=1))


@pytest.mark.parametrize(
    ("scores", "labels", "words"),
    [
        (np.ones((2, 3)), np.array([0]), "do not fit"),
        (np.ones(3), np.array([0, 1, 2]), "do not fit"),
        (np.ones((1, 3)), np.array([3]), "from 0 to 2"),
        (np.ones((1, 3)), np.array([-1]), "from 0 to 2"),
        (np.ones((1, 3)), np.array([1.0]), "whole numbers"),
    ],
)
def test_what_does_not_fit_is_refused(loss, scores, labels, words):
    with pytest.raises(ValueError, match=words):
        loss(scores, labels)


@pytest.mark.peer
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("name", LOSSES)
def test_losses_agree_with_pytorch(name, margin):
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    scores = random_batch((5, 6), np.float64)
    theirs, labels = torch.tensor(scores, requires_grad=True), torch.tensor(LABELS)
    if name == "softmax":
        expected = torch.nn.functional.cross_entropy(theirs, labels)
    else:  # PyTorch takes the mean over classes where the notes take the sum.
        power = 2 if name == "squared-svm" else 1
        expected = 6 * torch.nn.functional.multi_margin_loss(theirs, labels, p=power, margin=margin)
    expected.backward()
    value, gradient = make_loss(name, margin)(scores, LABELS)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, theirs.grad.numpy(), rtol=1e-12, atol=1e-14)
