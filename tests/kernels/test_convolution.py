"""Both ways of convolving do what the slow twin does, to the last bit where sums are exact."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import convolution as reference
from reference.batches import inside_border, random_batch, whole_numbers
from reference.differences import numerical_gradient
from reference.products import masked, rectify
from reference.threads import assert_same_bits

from cvtool.kernels import convolution as direct
from cvtool.kernels import im2col as explicit
from cvtool.kernels.memory import Bordered

METHODS = {"direct": direct, "im2col": explicit}


@dataclass(frozen=True)
class Problem:
    """Sizes of a convolution, and the numbers in it."""

    images: tuple[int, int, int, int] = (3, 5, 4, 3)
    window: tuple[int, int] = (3, 3)
    filters: int = 5
    stride: int = 1
    padding: int = 1
    dtype: str = "f4"
    draw: object = whole_numbers

    @property
    def outputs(self):
        empty = np.empty((*self.window, 1, self.filters))
        return reference.output_shape(np.empty(self.images), empty, self.stride, self.padding)

    def arrays(self):
        """Draw images, filters, biases and a gradient of the outputs."""
        filters = (*self.window, self.images[3], self.filters)
        shapes = (self.images, filters, (self.filters,), self.outputs)
        return [self.draw(shape, self.dtype, seed) for seed, shape in enumerate(shapes)]

    @property
    def border(self):
        return direct.gradient_border(self.images[1:3], self.window, self.stride, self.padding)

    def forward(self, method, images, filters, bias=None, **choices):
        bordered = Bordered.around(images, self.padding)
        return METHODS[method].convolve(bordered, filters, bias, stride=self.stride, **choices)

    def grad_images(self, method, grads, filters, out=None, mask=None):
        return METHODS[method].convolve_grad_images(
            Bordered.around(grads, self.border),
            filters,
            stride=self.stride,
            padding=self.padding,
            out=np.full((len(grads), *self.images[1:]), 7, self.dtype) if out is None else out,
            mask=mask,
        )

    def grad_filters(self, method, images, grads):
        """Return the gradients of filters and bias; what must not matter is NaN."""
        bordered = Bordered.around(images, self.padding)
        bordered_grads = Bordered.around(grads, 1)
        for each in (bordered, bordered_grads):
            each.whole.base[each.whole.size :] = np.nan
        for edge in (np.s_[:, [0, -1]], np.s_[:, :, [0, -1]]):
            bordered_grads.whole[edge] = np.nan
        out = np.full((*self.window, self.images[3], self.filters), 7, self.dtype)
        bias = np.full(self.filters, 7, self.dtype)
        METHODS[method].convolve_grad_filters(
            bordered, bordered_grads, stride=self.stride, out=out, bias=bias
        )
        return out, bias


@st.composite
def problems(draw):
    many = st.one_of(st.integers(1, 4), st.integers(1, 70))
    padding = draw(st.integers(0, 3))
    height, width = (draw(st.integers(1, 7)) for _ in range(2))
    tall, wide = (draw(st.integers(1, min(4, size + 2 * padding))) for size in (height, width))
    return Problem(
        images=(draw(st.integers(0, 3)), height, width, draw(many)),
        window=(tall, wide),
        filters=draw(many),
        stride=draw(st.integers(1, 4)),
        padding=padding,
        dtype=draw(st.sampled_from(["f4", "f8"])),
    )


def on_many_problems(test):
    """Run a test for both methods on drawn problems, and on those that have a path of their own."""
    for special in (
        Problem(images=(300, 1, 1, 2), window=(1, 1), padding=0),  # tiles across images
        Problem(images=(2, 20, 18, 16), filters=33),  # more than a cache, or a group, holds
        Problem(images=(2, 3, 2, 16), filters=48),  # half a tile, a whole and a half
        Problem(images=(2, 3, 2, 8), filters=24, dtype="f8"),
        Problem(images=(3, 2, 1, 300), filters=400),  # filters too large for many copies
        Problem(images=(1, 2, 3, 2), window=(1, 1), padding=3, stride=2),  # windows on zeros only
        Problem(images=(2, 9, 9, 1), window=(1, 1), padding=0, stride=4),  # pixels nobody sees
        Problem(
            images=(2, 4, 4, 13), window=(4, 4), padding=0, filters=32
        ),  # one window, whole tiles
    ):
        test = example(problem=special)(test)
    test = settings(max_examples=30)(given(problem=problems())(test))
    return pytest.mark.parametrize("method", METHODS)(test)


def with_nan(array):
    """Set one number in the middle to NaN."""
    array = array.copy()
    if array.size:
        array.flat[array.size // 2] = np.nan
    return array


@on_many_problems
def test_convolution_equals_its_slow_twin(method, problem):
    images, filters, bias, _ = problem.arrays()
    for each in (images, with_nan(images)):
        expected = reference.convolve(
            each, filters, bias, stride=problem.stride, padding=problem.padding
        )
        outputs = problem.forward(method, each, filters, bias)
        assert outputs.dtype == problem.dtype
        np.testing.assert_array_equal(outputs, expected)
        out = inside_border(np.zeros_like(expected))
        assert problem.forward(method, each, filters, bias, rectify=True, out=out) is out
        np.testing.assert_array_equal(out, rectify(expected))
        out[...] = 7
        assert (out.base == 7).all()


@on_many_problems
def test_gradient_of_images_equals_its_slow_twin(method, problem):
    mask, filters, _, grads = problem.arrays()
    for each in (grads, with_nan(grads)):
        expected = reference.convolve_grad_images(
            each, filters, problem.images, stride=problem.stride, padding=problem.padding
        )
        np.testing.assert_array_equal(problem.grad_images(method, each, filters), expected)
        out = inside_border(np.ones(problem.images, problem.dtype))
        problem.grad_images(method, each, filters, out=out, mask=inside_border(with_nan(mask), 2))
        np.testing.assert_array_equal(out, masked(expected, with_nan(mask)))
        out[...] = 7
        assert (out.base == 7).all()


@on_many_problems
def test_gradient_of_filters_and_bias_equals_its_slow_twin(method, problem):
    images, _, _, grads = problem.arrays()
    for each in (images, with_nan(images)):
        grad_filters, grad_bias = problem.grad_filters(method, each, grads)
        expected = reference.convolve_grad_filters(
            each, grads, problem.window, stride=problem.stride, padding=problem.padding
        )
        np.testing.assert_array_equal(grad_filters, expected)
        np.testing.assert_array_equal(grad_bias, grads.sum(axis=(0, 1, 2)))


@on_many_problems
def test_gradients_are_adjoint_to_the_convolution(method, problem):
    images, filters, _, grads = problem.arrays()
    outputs = problem.forward(method, images, filters)
    product = np.vdot(outputs, grads)
    assert np.vdot(images, problem.grad_images(method, grads, filters)) == product
    assert np.vdot(filters, problem.grad_filters(method, images, grads)[0]) == product


@on_many_problems
def test_convolution_is_linear(method, problem):
    images, filters, _, _ = problem.arrays()
    others = whole_numbers(images.shape, images.dtype, seed=9)
    both = problem.forward(method, 2 * images - others, filters)
    one, other = (problem.forward(method, each, filters) for each in (images, others))
    np.testing.assert_array_equal(both, 2 * one - other)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20)
@given(problem=problems(), seed=st.integers(0, 99))
def test_an_image_is_treated_alike_alone_and_among_others_to_the_last_bit(method, problem, seed):
    filters, bias = (random_batch(each.shape, each.dtype) for each in problem.arrays()[1:3])
    images = random_batch((7, *problem.images[1:]), problem.dtype, seed)
    outputs = problem.forward(method, images, filters, bias)
    gradient = problem.grad_images(method, outputs, filters)
    order = np.random.default_rng(seed).permutation(7)[:5]
    some = problem.forward(method, images[order], filters, bias)
    assert some.tobytes() == outputs[order].tobytes()
    assert problem.grad_images(method, some, filters).tobytes() == gradient[order].tobytes()
    alone = problem.forward(method, images[order[:1]], filters, bias)
    assert alone.tobytes() == outputs[order[:1]].tobytes()


@settings(max_examples=20)
@given(problem=problems())
def test_both_ways_agree_up_to_rounding(problem):
    images, filters, bias, grads = (random_batch(a.shape, a.dtype) for a in problem.arrays())

    def compute(method):
        yield problem.forward(method, images, filters, bias)
        yield problem.grad_images(method, grads, filters)
        yield from problem.grad_filters(method, images, grads)

    for one, other in zip(compute("direct"), compute("im2col"), strict=True):
        tolerance = 100 * np.finfo(problem.dtype).eps * np.abs(other).max(initial=1)
        np.testing.assert_allclose(one, other, atol=tolerance)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", [{}, {"stride": 2}, {"stride": 3, "window": (2, 4)}], ids=str)
def test_gradients_agree_with_central_differences(method, sizes):
    problem = Problem(images=(2, 4, 3, 2), filters=2, dtype="f8", draw=random_batch, **sizes)
    images, filters, bias, grads = problem.arrays()

    def loss(_):
        return float(np.vdot(problem.forward(method, images, filters, bias), grads))

    found = (
        problem.grad_images(method, grads, filters),
        *problem.grad_filters(method, images, grads),
    )
    for gradient, array in zip(found, (images, filters, bias), strict=True):
        np.testing.assert_allclose(gradient, numerical_gradient(loss, array), atol=1e-8)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("stride", [1, 2])
def test_threads_change_no_bit(method, dtype, stride):
    problem = Problem(
        images=(7, 9, 11, 13), filters=37, stride=stride, dtype=dtype, draw=random_batch
    )
    images, filters, bias, grads = problem.arrays()

    def compute():
        yield problem.forward(method, images, filters, bias)
        yield problem.grad_images(method, grads, filters, mask=images)
        yield from problem.grad_filters(method, images, grads)

    assert_same_bits(compute)


def test_what_would_be_misread_is_refused():
    images, filters = random_batch((2, 5, 5, 3), "f4"), random_batch((3, 3, 3, 4), "f4")
    grads = random_batch((2, 5, 5, 4), "f4")
    with pytest.raises(ValueError, match="a border of 1 zeros, not 0"):
        direct.convolve_grad_images(
            Bordered.around(grads, 0), filters, stride=1, padding=1, out=np.empty_like(images)
        )
    with pytest.raises(TypeError, match="of one type"):
        direct.convolve_grad_filters(
            Bordered.around(images, 1),
            Bordered.around(grads, 1),
            stride=1,
            out=filters.astype("f8"),
        )
