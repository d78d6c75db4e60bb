"""PReLU, maxout and dropout kernels do what their slow twins do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import activations as reference
from reference.batches import inside_border, random_batch
from reference.threads import assert_same_bits

from cvtool.kernels.dropping import drop
from cvtool.kernels.learned_slope import prelu, prelu_backward
from cvtool.kernels.maximum import maxout, maxout_backward

SHAPES = [(2, 3, 5, 12), (1, 1, 1, 12), (0, 3, 3, 12), (5, 24)]
TYPES = [np.float32, np.float64]


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_prelu_equals_its_slow_twin(shape, dtype):
    inputs, gradient = random_batch(shape, dtype), random_batch(shape, dtype, seed=1)
    slopes = np.linspace(-0.5, 1.5, shape[-1]).astype(dtype)
    outputs, grad_inputs = np.empty_like(inputs), np.empty_like(inputs)
    prelu(inputs, slopes, outputs)
    grad_slopes = prelu_backward(gradient, inputs, slopes, grad_inputs)
    expected = reference.prelu_backward(gradient, inputs, slopes)
    np.testing.assert_allclose(outputs, reference.prelu(inputs, slopes), rtol=1e-6)
    np.testing.assert_allclose(grad_inputs, expected[0], rtol=1e-6)
    np.testing.assert_allclose(
        grad_slopes, expected[1], rtol=1e-4 if dtype == np.float32 else 1e-12
    )


def test_prelu_refuses_slopes_of_other_channels():
    batch = random_batch((2, 3), np.float32)
    with pytest.raises(ValueError, match="do not fit"):
        prelu(batch, np.ones(4, np.float32), np.empty_like(batch))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("pieces", [2, 3, 4])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_maxout_equals_its_slow_twin(shape, pieces, dtype):
    # Rounding makes ties, of which the first has to win.
    inputs = np.round(random_batch(shape, dtype))
    expected = reference.maxout(inputs, pieces)
    gradient = random_batch(expected.shape, dtype, seed=1)
    outputs, grad_inputs = np.empty_like(expected), np.empty_like(inputs)
    maxout(inputs, pieces, outputs)
    np.testing.assert_array_equal(outputs, expected)
    maxout_backward(gradient, inputs, outputs, pieces, grad_inputs)
    expected_gradient = reference.maxout_backward(gradient, inputs, pieces)
    np.testing.assert_array_equal(grad_inputs, expected_gradient)


@pytest.mark.parametrize("pieces", [2, 3])
def test_nan_is_largest_wherever_it_stands(pieces):
    inputs = np.repeat(np.arange(pieces, dtype=np.float64)[np.newaxis], pieces, axis=0)
    np.fill_diagonal(inputs, np.nan)
    outputs, grad_inputs = np.empty((pieces, 1)), np.empty_like(inputs)
    maxout(inputs, pieces, outputs)
    assert np.isnan(outputs).all()
    maxout_backward(np.ones((pieces, 1)), inputs, outputs, pieces, grad_inputs)
    np.testing.assert_array_equal(grad_inputs, np.eye(pieces))


def test_maxout_refuses_what_does_not_divide():
    with pytest.raises(ValueError, match="2 numbers for each"):
        maxout(np.ones((1, 5)), 2, np.ones((1, 2)))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("rate", [0.0, 0.25, 0.9])
def test_drop_equals_its_slow_twin(shape, rate, dtype):
    inputs, outputs = random_batch(shape, dtype), np.empty(shape, dtype)
    drop(inputs, rate, 2**64 - 7, outputs)
    np.testing.assert_array_equal(outputs, reference.drop(inputs, rate, 2**64 - 7))


@settings(max_examples=30)
@given(rate=st.floats(0.01, 0.95), key=st.integers(0, 2**64 - 1))
def test_drop_takes_its_share_and_keeps_the_mean(rate, key):
    ones, outputs = np.ones((64, 256)), np.empty((64, 256))
    drop(ones, rate, key, outputs)
    spread = np.sqrt(rate * (1 - rate) / ones.size)
    assert abs((outputs == 0).mean() - rate) <= 6 * spread
    assert abs(outputs.mean() - 1) <= 6 * spread / (1 - rate)


def test_a_rate_just_below_one_is_taken():
    outputs = np.empty((4, 4))
    drop(np.ones((4, 4)), np.nextafter(1, 0), 5, outputs)
    assert not outputs.any()


def test_borders_and_threads_change_nothing():
    inputs, gradient = (random_batch((5, 3, 3, 6), np.float32, seed) for seed in (0, 1))
    slopes = np.full(6, 0.3, np.float32)

    def compute(place=np.array):
        first, second, third, fourth, fifth = (place(np.zeros_like(inputs)) for _ in range(5))
        narrow = place(np.zeros((5, 3, 3, 3), np.float32))
        prelu(place(inputs), slopes, first)
        grad_slopes = prelu_backward(place(gradient), place(inputs), slopes, second)
        maxout(place(inputs), 2, narrow)
        maxout_backward(place(narrow), place(inputs), narrow, 2, third)
        drop(place(inputs), 0.4, 11, fourth)
        drop(fourth, 0.4, 11, fifth)
        return first, second, grad_slopes, narrow, third, fourth, fifth

    assert_same_bits(compute)
    for plain, bordered in zip(compute(), compute(inside_border), strict=True):
        np.testing.assert_array_equal(plain, bordered)
