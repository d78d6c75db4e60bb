"""Gradients and weights are held to their bounds, and left alone within them."""

import numpy as np
import pytest
from reference.batches import random_batch

from cvtool.layers.base import Parameter
from cvtool.training.clipping import clip_gradients, limit_norms


def make_parameters(dtype=np.float64):
    weights = Parameter("conv1/weights", random_batch((3, 3, 2, 5), dtype))
    bias = Parameter("conv1/bias", random_batch(5, dtype, seed=1), regularized=False)
    for parameter in (weights, bias):
        parameter.gradient[...] = random_batch(parameter.values.shape, dtype, seed=2)
    return [weights, bias]


def total_norm(parameters):
    return np.linalg.norm(np.concatenate([each.gradient.ravel() for each in parameters]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_keep_their_direction(dtype):
    parameters = make_parameters(dtype)
    before, norm = [each.gradient.copy() for each in parameters], total_norm(parameters)
    assert clip_gradients(parameters, 2.0) == pytest.approx(norm)
    assert total_norm(parameters) == pytest.approx(2)
    for parameter, gradient in zip(parameters, before, strict=True):
        assert parameter.gradient.dtype == dtype
        np.testing.assert_allclose(parameter.gradient, gradient * (2 / norm), rtol=1e-6)


@pytest.mark.parametrize("bad", [None, np.nan])
def test_gradients_within_the_limit_or_not_numbers_stay(bad):
    parameters = make_parameters()
    if bad is not None:
        parameters[0].gradient[0] = bad
    before = [each.gradient.copy() for each in parameters]
    norm = clip_gradients(parameters, 1e6)
    assert np.isnan(norm) == (bad is not None)
    for parameter, gradient in zip(parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.gradient, gradient)


@pytest.mark.peer
def test_clipping_agrees_with_pytorch():
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    parameters = make_parameters()
    theirs = [torch.tensor(each.values, requires_grad=True) for each in parameters]
    for their, parameter in zip(theirs, parameters, strict=True):
        their.grad = torch.tensor(parameter.gradient)
    norm = torch.nn.utils.clip_grad_norm_(theirs, 2.0)
    assert clip_gradients(parameters, 2.0) == pytest.approx(norm.item())
    for their, parameter in zip(theirs, parameters, strict=True):
        np.testing.assert_allclose(parameter.gradient, their.grad.numpy(), rtol=1e-6)


def test_filters_longer_than_the_limit_are_shortened_and_biases_are_not():
    weights, bias = make_parameters()
    weights.values[..., 0] *= 1e-3
    before, bias_before = weights.values.copy(), bias.values.copy()
    limit_norms([weights, bias], 3.0)
    norms = np.sqrt((weights.values**2).sum(axis=(0, 1, 2)))
    np.testing.assert_allclose(norms[1:], 3.0)
    np.testing.assert_array_equal(weights.values[..., 0], before[..., 0])
    ratio = weights.values / before
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[0, 0, 0], ratio.shape))
    np.testing.assert_array_equal(bias.values, bias_before)
