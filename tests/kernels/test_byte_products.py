"""Products of stored bytes equal those of preprocessed pixels, and do what their slow twin does."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import byte_products as reference
from reference.batches import random_batch
from reference.threads import assert_same_bits

from cvtool.kernels.byte_products import byte_gradient, fold, multiply_bytes

PRECISION = {"f4": 1e-5, "f8": 1e-13}
SIZES = st.tuples(st.integers(0, 40), st.integers(1, 150), st.integers(1, 12))


def random_bytes(count, pixels, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, pixels), np.uint8)


def preprocessing(pixels, dtype):
    random = np.random.default_rng(1)
    mean = random.uniform(0, 255, pixels).astype(dtype)
    return mean, random.uniform(0.01, 0.02, pixels).astype(dtype)


def scores(images, weights, bias, moments, **options):
    return multiply_bytes(images, *fold(weights, bias, *moments), **options)


def assert_close(found, expected, dtype):
    assert found.dtype == dtype
    scale = np.abs(expected).max(initial=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=PRECISION[dtype] * scale)


@settings(max_examples=60)
@example(sizes=(1, 1, 1), dtype="f4")
@example(sizes=(33, 3 * 64, 10), dtype="f4")  # whole tiles
@example(sizes=(1100, 70, 3), dtype="f4")  # more images than are summed at once
@given(sizes=SIZES, dtype=st.sampled_from(["f4", "f8"]))
def test_products_equal_their_slow_twin(sizes, dtype):
    count, pixels, classes = sizes
    images, moments = random_bytes(count, pixels), preprocessing(pixels, dtype)
    weights, bias = random_batch((pixels, classes), dtype), random_batch(classes, dtype, 1)
    expected = reference.scores(images, weights, bias, *moments)
    assert_close(scores(images, weights, bias, moments), expected, dtype)
    rectified = scores(images, weights, bias, moments, rectify=True)
    assert_close(rectified, np.maximum(expected, 0), dtype)

    grads = random_batch((count, classes), dtype, 2)
    found = byte_gradient(images, grads, *moments)
    for each, wanted in zip(found, reference.gradients(images, grads, *moments), strict=True):
        assert_close(each, wanted, dtype)


@settings(max_examples=20)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_a_row_is_treated_alike_alone_and_among_others_to_the_last_bit(sizes, seed):
    _, pixels, classes = sizes
    images, folded = random_bytes(40, pixels), random_batch((classes, pixels), "f4")
    outputs = multiply_bytes(images, folded, folded.sum(axis=1))
    order = np.random.default_rng(seed).permutation(40)[:7]
    for some in (order, order[:1]):
        found = multiply_bytes(images[some], folded, folded.sum(axis=1))
        assert found.tobytes() == outputs[some].tobytes()


def test_black_images_score_what_all_begin_with():
    weights, bias = random_batch((70, 3), "f4"), random_batch(3, "f4", 1)
    folded, start = fold(weights, bias, *preprocessing(70, "f4"))
    found = multiply_bytes(np.zeros((5, 70), np.uint8), folded, start)
    np.testing.assert_array_equal(found, np.broadcast_to(start, (5, 3)))


def test_images_that_lie_apart_or_may_not_be_written_to_are_taken():
    images, moments = random_bytes(40, 90), preprocessing(30, "f4")
    weights, bias, grads = (random_batch(each, "f4") for each in ((30, 4), 4, (20, 4)))
    apart = images[::2, 1::3]
    whole = apart.copy()
    whole.flags.writeable = False
    expected = scores(whole, weights, bias, moments)
    np.testing.assert_array_equal(scores(apart, weights, bias, moments), expected)
    turned = np.asfortranarray(grads)
    for found, wanted in zip(
        byte_gradient(apart, turned, *moments), byte_gradient(whole, grads, *moments), strict=True
    ):
        np.testing.assert_array_equal(found, wanted)


def test_nan_stays():
    weights = np.full((20, 2), np.nan, "f4")
    bias, moments = np.zeros(2, "f4"), preprocessing(20, "f4")
    assert np.isnan(scores(random_bytes(3, 20), weights, bias, moments, rectify=True)).all()


def test_threads_change_no_bit():
    images, moments = random_bytes(1100, 331), preprocessing(331, "f4")
    weights, bias = random_batch((331, 7), "f4"), random_batch(7, "f4", 1)

    def compute():
        outputs = scores(images, weights, bias, moments)
        return outputs, *byte_gradient(images, outputs, *moments)

    assert_same_bits(compute)


def test_what_does_not_fit_is_refused():
    images, folded, start = random_bytes(4, 9), np.ones((3, 9), "f4"), np.ones(3, "f4")
    moments = preprocessing(9, "f4")
    with pytest.raises(TypeError, match="not float32"):
        multiply_bytes(images.astype("f4"), folded, start)
    with pytest.raises(TypeError, match="float32 and float64"):
        multiply_bytes(images, folded, start.astype("f8"))
    for wrong in (folded[:, 1:], folded[1:]):
        with pytest.raises(ValueError, match="do not fit"):
            multiply_bytes(images, wrong, start)
    with pytest.raises(ValueError, match="do not fit"):
        multiply_bytes(images, folded, start, out=np.empty((3, 4), "f4").T)
    with pytest.raises(ValueError, match="do not fit"):
        byte_gradient(images, np.ones((5, 3), "f4"), *moments)
    with pytest.raises(ValueError, match="do not fit"):
        fold(folded, start, *moments)
