"""Element-wise kernels do what their slow twins do, wherever the numbers lie in memory."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import activations as reference
from reference.batches import inside_border, random_batch
from reference.threads import assert_same_bits

from cvtool.kernels import elementwise, squashing

FUNCTIONS = {
    "relu": (
        elementwise.relu,
        elementwise.relu_backward,
        (),
        (reference.relu, reference.relu_derivative),
    ),
    "leaky_relu": (
        elementwise.leaky_relu,
        elementwise.leaky_relu_backward,
        (0.1,),
        (reference.leaky_relu, reference.leaky_relu_derivative),
    ),
    "sigmoid": (
        squashing.sigmoid,
        squashing.sigmoid_backward,
        (),
        (reference.sigmoid, reference.sigmoid_derivative),
    ),
    "tanh": (squashing.tanh, squashing.tanh_backward, (), (math.tanh, reference.tanh_derivative)),
    "elu": (
        squashing.elu,
        squashing.elu_backward,
        (0.7,),
        (reference.elu, reference.elu_derivative),
    ),
}
SHAPES = [(2, 3, 5, 3), (1, 1, 1, 1), (0, 3, 3, 2), (4, 7), (3, 1), (17, 2, 1, 1)]


@pytest.fixture(params=FUNCTIONS)
def function(request):
    return FUNCTIONS[request.param]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_kernels_equal_their_slow_twins(function, shape, dtype):
    forward, backward, numbers, (value, derivative) = function
    inputs, gradient = random_batch(shape, dtype), random_batch(shape, dtype, seed=1)
    outputs, grad_inputs = np.empty_like(inputs), np.empty_like(inputs)
    forward(inputs, *numbers, outputs)
    backward(gradient, outputs, *numbers, grad_inputs)
    tolerance = 20 * np.finfo(dtype).eps
    np.testing.assert_allclose(
        outputs, reference.each(value, inputs, *numbers), rtol=tolerance, atol=tolerance / 10
    )
    np.testing.assert_allclose(
        grad_inputs,
        gradient * reference.each(derivative, inputs, *numbers),
        rtol=tolerance,
        atol=tolerance,
    )


def test_borders_are_read_around_and_left_alone(function):
    forward, backward, numbers, _ = function
    inputs = random_batch((3, 4, 5, 2), np.float32)
    plain, grad_plain = np.empty_like(inputs), random_batch(inputs.shape, np.float32, seed=1)
    bordered, grad_bordered = inside_border(np.zeros_like(inputs)), inside_border(grad_plain)
    forward(inputs, *numbers, plain)
    forward(inside_border(inputs, 2), *numbers, bordered)
    backward(grad_plain, plain, *numbers, grad_plain)
    backward(grad_bordered, bordered, *numbers, grad_bordered)
    for array, expected in ((bordered, plain), (grad_bordered, grad_plain)):
        np.testing.assert_array_equal(array, expected)
        array[...] = 7
        assert (array.base == 7).all()


@pytest.mark.parametrize("view", [np.flip, np.swapaxes], ids=["flipped", "turned"])
def test_views_without_whole_rows_can_be_read_but_not_written(function, view):
    forward, _, numbers, _ = function
    batch = random_batch((3, 4, 4, 2), np.float32)
    torn = view(batch, 1, 3) if view is np.swapaxes else view(batch)
    outputs, expected = np.empty(torn.shape, np.float32), np.empty(torn.shape, np.float32)
    forward(torn, *numbers, outputs)
    forward(np.ascontiguousarray(torn), *numbers, expected)
    np.testing.assert_array_equal(outputs, expected)
    with pytest.raises(ValueError, match="whole rows"):
        forward(outputs, *numbers, torn)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_stays_and_infinity_goes_to_the_limit(function, dtype):
    forward, _, numbers, (value, _) = function
    inputs = np.array([[np.nan, np.inf, -np.inf, 1000.0, -1000.0, 0.0, -0.0]], dtype)
    outputs = np.empty_like(inputs)
    forward(inputs, *numbers, outputs)
    assert np.isnan(outputs[0, 0])
    limits = [value(x, *numbers) for x in (math.inf, -math.inf, 1000.0, -1000.0, 0.0, 0.0)]
    np.testing.assert_allclose(outputs[0, 1:], limits, atol=1e-37)


@settings(max_examples=30)
@given(st.lists(st.floats(-80, 80, width=32), min_size=1, max_size=20))
def test_squashing_is_accurate_to_a_few_bits_everywhere(values):
    inputs = np.array([values])
    outputs = np.empty_like(inputs)
    squashing.elu(inputs, 1.0, outputs)
    np.testing.assert_allclose(outputs, reference.each(reference.elu, inputs, 1.0), rtol=1e-15)
    squashing.sigmoid(inputs, outputs)
    np.testing.assert_allclose(outputs, reference.each(reference.sigmoid, inputs), rtol=1e-15)
    squashing.tanh(inputs, outputs)
    np.testing.assert_allclose(outputs, reference.each(math.tanh, inputs), rtol=1e-15)


def test_threads_change_no_bit(function):
    forward, backward, numbers, _ = function
    inputs, gradient = (random_batch((5, 3, 3, 7), np.float32, seed) for seed in (0, 1))

    def compute():
        outputs, grad_inputs = np.empty_like(inputs), np.empty_like(inputs)
        forward(inputs, *numbers, outputs)
        backward(gradient, outputs, *numbers, grad_inputs)
        return outputs, grad_inputs

    assert_same_bits(compute)


def test_copy_copies():
    batch = random_batch((3, 4, 5, 2), np.float32)
    target = inside_border(np.zeros_like(batch))
    elementwise.copy(batch, target)
    np.testing.assert_array_equal(target, batch)


def test_what_does_not_fit_is_refused():
    batch = random_batch((2, 3), np.float32)
    with pytest.raises(ValueError, match="differ"):
        elementwise.relu(batch, np.empty((3, 2), np.float32))
    with pytest.raises(TypeError, match="float32 and float64"):
        elementwise.relu(batch, np.empty((2, 3)))
    with pytest.raises(TypeError, match="int64"):
        elementwise.relu(np.ones((2, 3), np.int64), np.ones((2, 3), np.int64))
    fixed = np.empty((2, 3), np.float32)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        elementwise.relu(batch, fixed)
