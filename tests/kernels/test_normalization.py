"""Batch normalization does what its slow twin does, far from zero too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import normalization as reference
from reference.batches import inside_border, random_batch
from reference.differences import numerical_gradient
from reference.products import rectify
from reference.threads import assert_same_bits

from cvtool.kernels.normalization import moments, normalize, normalize_grad

EPSILON = 1e-5
TYPES = ["f4", "f8"]
SHAPES = st.one_of(
    st.tuples(st.integers(1, 20), st.integers(1, 4), st.integers(1, 4), st.integers(1, 20)),
    st.tuples(st.integers(1, 150), st.integers(1, 9)),
)


def batch_norm(inputs, gamma, beta, *, rectify=False, out=None):
    mean, variance = moments(inputs)
    scale = gamma / np.sqrt(variance + EPSILON)
    out = np.empty_like(inputs) if out is None else out
    return normalize(inputs, mean, scale, beta, rectify=rectify, out=out)


def batch_norm_grad(grads, inputs, gamma, out=None):
    """Return the gradients of inputs, γ and β."""
    mean, variance = moments(inputs)
    out = np.empty_like(inputs) if out is None else out
    inverse = 1 / np.sqrt(variance + EPSILON)
    return out, *normalize_grad(grads, inputs, mean, inverse, gamma, out=out)


def parameters(inputs):
    channels = inputs.shape[-1]
    return random_batch(channels, inputs.dtype, 2), random_batch(channels, inputs.dtype, 3)


def tolerance(dtype, scale=100):
    return {"rtol": scale * np.finfo(dtype).eps, "atol": scale * np.finfo(dtype).eps}


@settings(max_examples=40)
@given(shape=SHAPES, dtype=st.sampled_from(TYPES), seed=st.integers(0, 99))
def test_moments_equal_their_slow_twin(shape, dtype, seed):
    inputs = random_batch(shape, dtype, seed)
    around = inside_border if len(shape) == 4 else np.array
    for found, expected in zip(moments(around(inputs)), reference.moments(inputs), strict=True):
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, expected, **tolerance(dtype, 20))


@settings(max_examples=40)
@given(shape=SHAPES, dtype=st.sampled_from(TYPES), seed=st.integers(0, 99))
def test_outputs_equal_their_slow_twin(shape, dtype, seed):
    inputs = random_batch(shape, dtype, seed)
    gamma, beta = parameters(inputs)
    expected = reference.batch_norm(inputs, gamma, beta, EPSILON)
    # A channel of few numbers may vary so little that its scale magnifies their rounding.
    closeness = tolerance(dtype, 100 / np.sqrt(EPSILON) if inputs.size < 99 else 1000)
    np.testing.assert_allclose(batch_norm(inputs, gamma, beta), expected, **closeness)
    around = inside_border if len(shape) == 4 else np.array
    out = around(np.zeros_like(inputs))
    assert batch_norm(around(inputs), gamma, beta, rectify=True, out=out) is out
    np.testing.assert_allclose(out, rectify(expected), **closeness)
    out[...] = 7
    assert len(shape) != 4 or (out.base == 7).all()


@settings(max_examples=40)
@given(shape=SHAPES, dtype=st.sampled_from(TYPES), seed=st.integers(0, 99))
def test_gradients_equal_their_slow_twin(shape, dtype, seed):
    inputs, grads = random_batch(shape, dtype, seed), random_batch(shape, dtype, seed + 1)
    gamma, _ = parameters(inputs)
    around = inside_border if len(shape) == 4 else np.array
    out = around(np.zeros_like(inputs))
    found = batch_norm_grad(around(grads), around(inputs), gamma, out)
    closeness = tolerance(dtype, 1000 / EPSILON if inputs.size < 99 else 2000)
    for one, other in zip(
        found, reference.batch_norm_grad(grads, inputs, gamma, EPSILON), strict=True
    ):
        np.testing.assert_allclose(one, other, **closeness)
    out[...] = 7
    assert len(shape) != 4 or (out.base == 7).all()


@pytest.mark.parametrize("shape", [(5, 2, 3, 2), (7, 3)], ids=str)
def test_gradients_agree_with_central_differences(shape):
    inputs, grads = random_batch(shape, "f8"), random_batch(shape, "f8", seed=1)
    gamma, beta = parameters(inputs)

    def loss(_):
        return float(np.vdot(batch_norm(inputs, gamma, beta), grads))

    for gradient, array in zip(
        batch_norm_grad(grads, inputs, gamma), (inputs, gamma, beta), strict=True
    ):
        np.testing.assert_allclose(gradient, numerical_gradient(loss, array), atol=1e-7)


@pytest.mark.parametrize("dtype", TYPES)
def test_outputs_have_mean_zero_and_variance_one_even_far_from_zero(dtype):
    inputs = random_batch((18, 8, 8, 3), dtype, scale=1.0) + np.array([0, 1e3, -1e4], dtype)
    outputs = batch_norm(inputs, np.ones(3, dtype), np.zeros(3, dtype)).astype(np.float64)
    # The numbers themselves are rounded: by up to 5·10⁻⁴ where float32 is around 10⁴.
    closeness = 2e-3 if dtype == "f4" else 1e-9
    np.testing.assert_allclose(outputs.mean(axis=(0, 1, 2)), 0, atol=closeness)
    np.testing.assert_allclose(outputs.var(axis=(0, 1, 2)), 1, atol=closeness + 2 * EPSILON)
    mean, variance = moments(inputs)
    expected_mean, expected_variance = reference.moments(inputs)
    np.testing.assert_allclose(mean, expected_mean, atol=closeness)
    np.testing.assert_allclose(variance, expected_variance, rtol=closeness)


def test_what_does_not_vary_becomes_the_shift():
    inputs = np.full((4, 3, 3, 2), 5, np.float32)
    gamma, beta = parameters(inputs)
    np.testing.assert_array_equal(
        batch_norm(inputs, gamma, beta), np.broadcast_to(beta, (4, 3, 3, 2))
    )


def test_gradient_is_blind_to_shift_and_scale_of_the_inputs():
    inputs, grads = random_batch((9, 4, 4, 3), "f8"), random_batch((9, 4, 4, 3), "f8", seed=1)
    grad_inputs, _, _ = batch_norm_grad(grads, inputs, np.ones(3))
    np.testing.assert_allclose(grad_inputs.sum(axis=(0, 1, 2)), 0, atol=1e-12)
    # ε is the one thing that keeps the scale from vanishing altogether.
    np.testing.assert_allclose((grad_inputs * inputs).sum(axis=(0, 1, 2)), 0, atol=1e-3)


def test_nan_stays_in_its_channel_also_when_rectified():
    inputs = random_batch((3, 2, 2, 4), "f4")
    inputs[1, 0, 1, 2] = np.nan
    for rectifies in (False, True):
        outputs = batch_norm(inputs, *parameters(inputs), rectify=rectifies)
        np.testing.assert_array_equal(np.isnan(outputs).all(axis=(0, 1, 2)), [0, 0, 1, 0])
        np.testing.assert_array_equal(np.isnan(outputs).any(axis=(0, 1, 2)), [0, 0, 1, 0])


@pytest.mark.parametrize("dtype", TYPES)
def test_given_moments_an_image_is_treated_alike_alone_and_among_others(dtype):
    inputs = random_batch((6, 3, 5, 7), dtype)
    mean, scale, shift = np.linspace(-1, 1, 7), np.linspace(0.5, 2, 7), np.linspace(1, 0, 7)

    def scaled(inputs):
        return normalize(inputs, mean, scale, shift, rectify=True, out=np.empty_like(inputs))

    outputs = scaled(inputs)
    for index in range(6):
        alone = scaled(inputs[index : index + 1])
        assert alone.tobytes() == outputs[index : index + 1].tobytes()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(70, 5, 3, 7), (150, 9)], ids=str)
def test_threads_change_no_bit(shape, dtype):
    inputs, grads = random_batch(shape, dtype), random_batch(shape, dtype, seed=1)
    gamma, beta = parameters(inputs)

    def compute():
        yield from moments(inputs)
        yield batch_norm(inputs, gamma, beta, rectify=True)
        yield from batch_norm_grad(grads, inputs, gamma)

    assert_same_bits(compute)
