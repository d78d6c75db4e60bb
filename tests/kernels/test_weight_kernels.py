"""Kernels over all weights: sums, penalties, bounds and the optimizers' steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import sums as slow_sums
from reference import updates as slow_updates
from reference.batches import random_batch
from reference.threads import assert_same_bits

from cvtool.kernels import updates
from cvtool.kernels.norms import limit_column_norms
from cvtool.kernels.pieces import PIECE
from cvtool.kernels.sums import penalize, sum_of_squares

SIZES = [0, 1, 7, PIECE, 2 * PIECE + 3]
TYPES = [np.float32, np.float64]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("size", SIZES)
def test_sums_equal_their_slow_twins(size, dtype):
    weights, gradient = random_batch(size, dtype), random_batch(size, dtype, seed=1)
    weights[: size // 2 : 5] = 0
    assert sum_of_squares(weights) == pytest.approx(slow_sums.sum_of_squares(weights), rel=1e-14)
    expected = gradient + slow_sums.penalty_gradient(weights, 0.3, 0.2)
    value = penalize(weights, gradient, 0.3, 0.2)
    assert value == pytest.approx(slow_sums.penalty(weights, 0.3, 0.2), rel=1e-14)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-6)


@settings(max_examples=30)
@given(rows=st.integers(0, 9), columns=st.integers(1, 70), limit=st.floats(0.1, 5))
def test_columns_are_cut_to_the_limit(rows, columns, limit):
    matrix = random_batch((rows, columns), np.float64)
    expected = slow_sums.limit_column_norms(matrix, limit).reshape(matrix.shape)
    limit_column_norms(matrix, limit)
    np.testing.assert_allclose(matrix, expected, rtol=1e-14)


STEPS = {
    "sgd": (updates.sgd, slow_updates.sgd, 0, (0.1,)),
    "momentum": (updates.momentum, slow_updates.momentum, 1, (0.1, 0.9, False)),
    "nesterov": (updates.momentum, slow_updates.momentum, 1, (0.1, 0.9, True)),
    "adagrad": (updates.adagrad, slow_updates.adagrad, 1, (0.1, 1e-10)),
    "rmsprop": (updates.rmsprop, slow_updates.rmsprop, 1, (0.1, 0.99, 1e-8)),
    "adam": (updates.adam, slow_updates.adam, 2, (0.1, (0.9, 0.999), 1e-8, 3, 0.99)),
}


@pytest.fixture(params=STEPS)
def step(request):
    return STEPS[request.param]


@pytest.mark.parametrize("dtype", TYPES)
def test_steps_equal_their_slow_twins(step, dtype):
    kernel, twin, memories, rule = step
    arrays = [np.abs(random_batch((3, 5), dtype, seed=seed)) + 0.1 for seed in range(2 + memories)]
    columns = [
        twin(*map(float, numbers), *rule)
        for numbers in zip(*(array.flat for array in arrays), strict=True)
    ]
    gradient = arrays[1].copy()
    kernel(*arrays, *rule)
    changed = [arrays[0], *arrays[2:]]
    for array, expected in zip(changed, zip(*columns, strict=True), strict=True):
        np.testing.assert_allclose(
            array.ravel(), expected, rtol=1e-5 if dtype == np.float32 else 1e-12, atol=1e-6
        )
    np.testing.assert_array_equal(arrays[1], gradient)


def test_threads_change_no_bit(step):
    kernel, _, memories, rule = step

    def compute():
        shape = (71, 3 * PIECE // 71)
        arrays = [np.abs(random_batch(shape, np.float32, seed)) for seed in range(2 + memories)]
        kernel(*arrays, *rule)
        value = penalize(arrays[0], arrays[1], 0.1, 0.1)
        total = sum_of_squares(arrays[1])
        limit_column_norms(arrays[0], 1.0)
        return *arrays, value, total

    assert_same_bits(compute)


def test_what_is_not_in_one_piece_is_refused():
    with pytest.raises(ValueError, match="flat"):
        sum_of_squares(np.ones((4, 4))[:, :2])
    with pytest.raises(ValueError, match="differ"):
        updates.sgd(np.ones(3), np.ones(4), 0.1)
    with pytest.raises(ValueError, match="matrix"):
        limit_column_norms(np.ones((4, 4)).T, 1.0)
