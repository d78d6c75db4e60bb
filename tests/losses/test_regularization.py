"""Penalties are the notes' own, and their gradients belong to them."""

import numpy as np
import pytest
from reference.batches import random_batch
from reference.differences import numerical_gradient

from cvtool.config import REGULARIZATIONS
from cvtool.losses.regularization import penalty

FORMULAS = {
    "none": lambda _: 0.0,
    "l2": lambda w: 0.3 * (w**2).sum(),
    "l1": lambda w: 0.3 * abs(w).sum(),
    "elastic-net": lambda w: 0.3 * (0.7 * w**2 + abs(w)).sum(),
}


@pytest.mark.parametrize("kind", REGULARIZATIONS)
def test_value_and_gradient_are_those_of_the_formula(kind):
    weights = [random_batch((3, 3, 2, 4), np.float64), random_batch((5, 2), np.float64, seed=1)]
    gradients = [np.ones_like(each) for each in weights]
    value = penalty(kind, 0.3, 0.7, list(zip(weights, gradients, strict=True)))
    assert value == pytest.approx(sum(FORMULAS[kind](each) for each in weights))
    for each, gradient in zip(weights, gradients, strict=True):
        expected = numerical_gradient(FORMULAS[kind], each)
        np.testing.assert_allclose(gradient - 1, expected, atol=1e-8)


def test_nothing_is_asked_of_nothing():
    gradient = np.zeros(3)
    assert penalty("l2", 0.0, 0.5, [(np.ones(3), gradient)]) == 0
    assert penalty("l2", 1.0, 0.5, []) == 0
    assert not gradient.any()


def test_l1_leaves_a_weight_of_zero_alone():
    weights, gradient = np.array([0.0, 1.0, -1.0], np.float32), np.zeros(3, np.float32)
    assert penalty("l1", 0.5, 0.5, [(weights, gradient)]) == 1
    np.testing.assert_array_equal(gradient, [0, 0.5, -0.5])
