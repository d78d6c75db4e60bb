"""Pooling does what its slow twin does; its gradients are adjoint to it."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import pooling as reference
from reference.batches import inside_border, random_batch, whole_numbers
from reference.differences import numerical_gradient
from reference.products import masked, rectify
from reference.threads import assert_same_bits

from cvtool.kernels.pooling import average_pool, average_pool_grad, max_pool, max_pool_grad


@dataclass(frozen=True)
class Problem:
    """Images and a window of rows × columns; maximum pooling takes the rows for both."""

    images: tuple[int, int, int, int]
    window: tuple[int, int]
    stride: int
    dtype: str = "f4"

    def max_pool(self, images, out=None, winners_type=np.uint8):
        """Return maxima and winners."""
        shape = reference.output_shape(images, (self.window[0],) * 2, self.stride)
        out = np.empty(shape, self.dtype) if out is None else out
        winners = np.empty(shape, winners_type)
        choices = {"size": self.window[0], "stride": self.stride}
        return max_pool(images, **choices, out=out, winners=winners), winners

    def max_pool_grad(self, grads, winners, out=None, rectified_outputs=None):
        out = np.full((len(grads), *self.images[1:]), 7, self.dtype) if out is None else out
        choices = {"size": self.window[0], "stride": self.stride}
        return max_pool_grad(
            grads, winners, **choices, out=out, rectified_outputs=rectified_outputs
        )

    def average_pool(self, images, out=None):
        shape = reference.output_shape(images, self.window, self.stride)
        out = np.empty(shape, self.dtype) if out is None else out
        return average_pool(images, window=self.window, stride=self.stride, out=out)

    def average_pool_grad(self, grads, out=None):
        out = np.full((len(grads), *self.images[1:]), 7, self.dtype) if out is None else out
        return average_pool_grad(grads, window=self.window, stride=self.stride, out=out)


@st.composite
def problems(draw):
    height, width = (draw(st.integers(1, 8)) for _ in range(2))
    tall = draw(st.integers(1, min(height, width, 4)))
    return Problem(
        images=(draw(st.integers(0, 3)), height, width, draw(st.integers(1, 20))),
        window=(tall, draw(st.integers(1, min(width, 4)))),
        stride=draw(st.integers(1, 4)),
        dtype=draw(st.sampled_from(["f4", "f8"])),
    )


def on_many_problems(test):
    """Run a test on drawn problems and on the usual one, 2×2 windows side by side."""
    test = example(problem=Problem((2, 6, 4, 5), (2, 2), 2))(test)
    return settings(max_examples=50)(given(problem=problems())(test))


def images_of(problem):
    """Draw few different numbers, so that many windows have several largest ones, and some NaN."""
    images = whole_numbers(problem.images, problem.dtype, largest=2)
    images.ravel()[3::97] = np.nan
    return images


@on_many_problems
def test_max_pooling_equals_its_slow_twin(problem):
    images = images_of(problem)
    expected, expected_winners = reference.max_pool(images, problem.window[0], problem.stride)
    outputs, winners = problem.max_pool(images)
    np.testing.assert_array_equal(outputs, expected)
    single = ~np.isnan(expected)  # of several NaN, any may win
    np.testing.assert_array_equal(winners[single], expected_winners[single])

    out = inside_border(np.zeros_like(expected))
    assert problem.max_pool(inside_border(images), out=out)[0] is out
    np.testing.assert_array_equal(out, expected)
    out[...] = 7
    assert (out.base == 7).all()


@on_many_problems
def test_gradient_of_max_pooling_equals_its_slow_twin(problem):
    images = np.nan_to_num(images_of(problem), nan=3)
    outputs, winners = problem.max_pool(images)
    grads = whole_numbers(outputs.shape, problem.dtype, seed=1)
    sizes = problem.window[0], problem.stride
    expected = reference.max_pool_grad(grads, winners, images.shape, *sizes)
    np.testing.assert_array_equal(problem.max_pool_grad(grads, winners), expected)

    out = inside_border(np.ones_like(images))
    assert problem.max_pool_grad(inside_border(grads), winners, out=out) is out
    np.testing.assert_array_equal(out, expected)
    out[...] = 7
    assert (out.base == 7).all()


@on_many_problems
def test_the_gradient_passes_through_a_relu_before_max_pooling(problem):
    images = rectify(images_of(problem))
    outputs, winners = problem.max_pool(images)
    grads = whole_numbers(outputs.shape, problem.dtype, seed=1)
    expected = masked(problem.max_pool_grad(grads, winners), images)
    found = problem.max_pool_grad(grads, winners, rectified_outputs=outputs)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("place", range(9))
def test_nan_wins_wherever_it_stands(place):
    images = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
    images.flat[place] = np.nan
    problem = Problem(images.shape, (3, 3), 1)
    outputs, winners = problem.max_pool(images)
    assert np.isnan(outputs).all()
    assert winners.item() == place


def test_windows_of_more_pixels_than_a_byte_counts():
    images = random_batch((1, 20, 20, 2), np.float32)
    problem = Problem(images.shape, (20, 20), 1)
    _, winners = problem.max_pool(images, winners_type=np.uint32)
    np.testing.assert_array_equal(winners[0, 0, 0], images[0].reshape(400, 2).argmax(axis=0))
    grads = problem.max_pool_grad(np.ones((1, 1, 1, 2), np.float32), winners)
    np.testing.assert_array_equal(grads == 1, images == images.max(axis=(1, 2), keepdims=True))


@on_many_problems
def test_average_pooling_equals_its_slow_twin(problem):
    images = images_of(problem)
    expected = reference.average_pool(images, problem.window, problem.stride)
    out = inside_border(np.zeros_like(expected))
    np.testing.assert_array_equal(problem.average_pool(images), expected)
    np.testing.assert_array_equal(problem.average_pool(inside_border(images), out), expected)
    out[...] = 7
    assert (out.base == 7).all()


@on_many_problems
def test_gradient_of_average_pooling_equals_its_slow_twin_and_is_adjoint(problem):
    images = whole_numbers(problem.images, problem.dtype)
    outputs = problem.average_pool(images)
    grads = whole_numbers(outputs.shape, problem.dtype, seed=1)
    found = problem.average_pool_grad(grads)
    expected = reference.average_pool_grad(grads, images.shape, problem.window, problem.stride)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
    assert np.vdot(images, found) == pytest.approx(np.vdot(outputs, grads), abs=1e-3)

    out = inside_border(np.ones_like(images))
    problem.average_pool_grad(inside_border(grads), out)
    np.testing.assert_array_equal(out, found)
    out[...] = 7
    assert (out.base == 7).all()


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 3)])
def test_gradients_agree_with_central_differences(size, stride):
    problem = Problem((2, 7, 6, 2), (size, size), stride, "f8")
    images = random_batch(problem.images, "f8")
    outputs, winners = problem.max_pool(images)
    grads = random_batch(outputs.shape, "f8", seed=1)

    for gradient, pool in (
        (problem.max_pool_grad(grads, winners), lambda x: problem.max_pool(x)[0]),
        (problem.average_pool_grad(grads), problem.average_pool),
    ):
        expected = numerical_gradient(lambda x, pool=pool: float(np.vdot(pool(x), grads)), images)
        np.testing.assert_allclose(gradient, expected, atol=1e-9)


@settings(max_examples=20)
@given(problem=problems(), seed=st.integers(0, 99))
def test_images_do_not_touch_each_other(problem, seed):
    images = random_batch((5, *problem.images[1:]), problem.dtype)
    order = np.random.default_rng(seed).permutation(5)[:3]

    def compute(images):
        outputs, winners = problem.max_pool(images)
        means = problem.average_pool(images)
        grad_images = problem.max_pool_grad(outputs, winners)
        return outputs, winners, grad_images, means, problem.average_pool_grad(means)

    for some, every in zip(compute(images[order]), compute(images), strict=True):
        assert some.tobytes() == every[order].tobytes()


@pytest.mark.parametrize("stride", [2, 1])
def test_threads_change_no_bit(stride):
    problem = Problem((5, 7, 9, 11), (2, 2), stride)
    images = random_batch(problem.images, problem.dtype)

    def compute():
        outputs, winners = problem.max_pool(images)
        means = problem.average_pool(images)
        grad_images = problem.max_pool_grad(outputs, winners)
        return outputs, winners, grad_images, means, problem.average_pool_grad(means)

    assert_same_bits(compute)
