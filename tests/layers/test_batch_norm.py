"""Batch normalization as a layer: running statistics, and what it does at inference."""

import numpy as np
import pytest
from reference import normalization as reference
from reference.batches import random_batch
from reference.chains import make_chain

SHAPES = [(3, 4, 2), (5,)]


def batches(shape, dtype="f8"):
    """Draw batches of several sizes, whose channels differ in mean and spread."""
    channels = np.arange(1, shape[-1] + 1)
    for seed, count in enumerate((6, 3, 9)):
        yield (random_batch((count, *shape), dtype, seed) * channels + 3 * channels).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_running_statistics_are_means_that_forget(shape):
    chain = make_chain("bn", shape)
    expected_mean, expected_variance = np.zeros(shape[-1]), np.ones(shape[-1])
    for inputs in batches(shape):
        chain.forward(inputs, training=True)
        mean, variance = reference.moments(inputs)
        count = inputs.size // shape[-1]
        expected_mean = 0.9 * expected_mean + 0.1 * mean
        expected_variance = 0.9 * expected_variance + 0.1 * variance * count / (count - 1)
        found_mean, found_variance = chain.state.values()
        np.testing.assert_allclose(found_mean, expected_mean, rtol=1e-12)
        np.testing.assert_allclose(found_variance, expected_variance, rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_inference_normalizes_by_running_statistics_and_leaves_them(shape):
    chain = make_chain("bn", shape)
    for inputs in batches(shape):
        chain.forward(inputs, training=True)
    before = {name: array.copy() for name, array in chain.state.items()}
    mean, variance = before.values()
    gamma, beta = (parameter.values for parameter in chain.parameters)
    expected = gamma * (inputs - mean) / np.sqrt(variance + 1e-5) + beta
    np.testing.assert_allclose(chain.forward(inputs), expected, rtol=1e-12)
    for name, array in chain.state.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_while_training_every_filter_has_the_learned_mean_and_spread(dtype):
    chain = make_chain("bn", (8, 8, 3), dtype)
    gamma, beta = (parameter.values for parameter in chain.parameters)
    (inputs, *_) = batches((8, 8, 3), dtype)
    outputs = chain.forward(inputs, training=True).astype("f8")
    np.testing.assert_allclose(outputs.mean(axis=(0, 1, 2)), beta, atol=1e-5)
    np.testing.assert_allclose(outputs.std(axis=(0, 1, 2)), abs(gamma), rtol=1e-4)


def test_an_image_alone_is_normalized_by_its_own_pixels():
    inputs = random_batch((1, 4, 4, 2), "f8")
    outputs = make_chain("bn", (4, 4, 2)).forward(inputs, training=True)
    assert np.isfinite(outputs).all()
    alone = make_chain("bn", (2,))
    outputs = alone.forward(inputs[:, 0, 0], training=True)
    np.testing.assert_array_equal(outputs, alone.parameters[1].values[np.newaxis])
    assert np.isfinite(list(alone.state.values())).all()


def test_neither_gamma_nor_beta_is_regularized():
    assert not any(each.regularized for each in make_chain("bn", (5,)).parameters)
