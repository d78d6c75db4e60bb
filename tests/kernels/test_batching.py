"""The batch kernel does what its slow twin does, for any shape, type, flip and shift."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import batching as reference

from cvtool.kernels.batching import assemble


def random_batch(random, *, count, shape, stored, dtype, padding):
    high = 256 if stored == np.uint8 else 2
    images = random.integers(0, high, (5, *shape)).astype(stored)
    indices = random.integers(0, 5, count)
    mean = random.normal(size=shape).astype(dtype)
    inverse_scale = random.uniform(0.5, 2, size=shape).astype(dtype)
    flips = random.random(count) < 0.5
    shifts = random.integers(-shape[0] - 1, shape[0] + 2, (count, 2)).astype(np.int16)
    height, width, channels = shape
    buffer = np.full((count, height + 2 * padding, width + 2 * padding, channels), 7, dtype)
    out = buffer[:, padding : padding + height, padding : padding + width]
    return (images, indices, mean, inverse_scale, flips, shifts), out, buffer


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(0, 4),
    shape=st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 3])),
    types=st.sampled_from([("u1", "f4"), ("f8", "f8")]),
    padding=st.integers(0, 2),
)
def test_kernel_equals_its_slow_twin(seed, count, shape, types, padding):
    stored, dtype = map(np.dtype, types)
    inputs, out, buffer = random_batch(
        np.random.default_rng(seed),
        count=count,
        shape=shape,
        stored=stored,
        dtype=dtype,
        padding=padding,
    )
    assemble(*inputs, out)
    expected = reference.assemble(*inputs, dtype).reshape(out.shape)
    np.testing.assert_allclose(out, expected, rtol=1e-5)
    out[...] = 7
    assert (buffer == 7).all()  # the border was left alone


def test_float32_pixels_and_read_only_images_are_taken():
    inputs, out, _ = random_batch(
        np.random.default_rng(0), count=3, shape=(4, 4, 3), stored="f4", dtype="f4", padding=1
    )
    inputs[0].flags.writeable = False
    assemble(*inputs, out)
    np.testing.assert_allclose(out, reference.assemble(*inputs, "f4"), rtol=1e-5)


def test_wrong_shapes_and_indices_are_refused():
    inputs, out, _ = random_batch(
        np.random.default_rng(0), count=3, shape=(4, 4, 3), stored="u1", dtype="f4", padding=0
    )
    images, indices, *rest = inputs
    with pytest.raises(ValueError, match="do not make out"):
        assemble(images[:, 1:], indices, *rest, out)
    with pytest.raises(IndexError, match="from 0 to 4"):
        assemble(images, indices + 5, *rest, out)
