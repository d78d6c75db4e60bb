"""Convolution, pooling and fully-connected layers: what each adds to the contract of all."""

import numpy as np
import pytest
from reference import convolution as slow_convolution
from reference import pooling as slow_pooling
from reference.batches import random_batch
from reference.chains import make_chain

from cvtool.errors import UsageError
from cvtool.layers.convolution import METHODS, Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.initialization import he
from cvtool.layers.pooling import AveragePool, GlobalAveragePool, MaxPool
from cvtool.seeds import stream

IMAGE = (7, 6, 5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "window", [((3, 3), 1, None), ((3, 3), 2, 0), ((2, 4), 1, 3), ((1, 1), 3, 2), ((5, 3), 2, None)]
)
def test_convolution_is_that_of_the_notes(window, method):
    size, stride, padding = window
    layer = Convolution(4, size, stride, padding, method)
    layer.bind(IMAGE)
    layer.initialize(he, stream(0, "weights"), np.float64)
    weights, bias = layer.parameters
    bias.values[...] = [1, 2, 3, 4]
    images = random_batch((3, *IMAGE), "f8")
    expected = slow_convolution.convolve(
        images, weights.values, bias.values, stride=stride, padding=layer.window.padding
    )
    assert expected.shape[1:] == layer.output_shape
    np.testing.assert_allclose(layer.forward(images), expected, atol=1e-12)
    assert layer.multiply_adds() == weights.values.size * np.prod(layer.output_shape[:2])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_unless_said_padding_keeps_the_size_of_images_for_odd_windows(size):
    layer = Convolution(4, (size, size))
    assert layer.bind(IMAGE)[:2] == (IMAGE[:2] if size % 2 else (6, 5))


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 1), (1, 2), (20, 1)])
def test_pooling_is_that_of_the_notes(size, stride):
    images = random_batch((3, 21, 20, 5), "f4")
    for layer, expected in (
        (MaxPool(size, stride), slow_pooling.max_pool(images, size, stride)[0]),
        (AveragePool(size, stride), slow_pooling.average_pool(images, (size, size), stride)),
    ):
        assert layer.bind(images.shape[1:]) == expected.shape[1:]
        np.testing.assert_allclose(layer.forward(images), expected, rtol=1e-4, atol=1e-5)


def test_windows_of_more_than_256_pixels_find_their_winners():
    layer, images = MaxPool(20), random_batch((2, 20, 20, 3), "f4")
    layer.bind(images.shape[1:])
    outputs = layer.forward(images, training=True)
    grad_images = layer.backward(np.ones_like(outputs))
    np.testing.assert_array_equal(grad_images, images == outputs)


def test_global_average_pooling_is_a_mean():
    layer, images = GlobalAveragePool(), random_batch((3, *IMAGE), "f8")
    assert layer.bind(IMAGE) == (5,)
    np.testing.assert_allclose(layer.forward(images), images.mean(axis=(1, 2)), rtol=1e-12)


def test_a_fully_connected_layer_is_a_convolution_over_the_whole_image():
    images, grads = random_batch((3, *IMAGE), "f8"), random_batch((3, 4), "f8", seed=1)
    dense = make_chain("fc-4", IMAGE)
    whole = make_chain("conv7x6-4p0 + flatten", IMAGE)
    for one, other in zip(dense.parameters, whole.parameters, strict=True):
        other.values[...] = one.values.reshape(other.values.shape)
    np.testing.assert_allclose(dense.forward(images, training=True), whole.forward(images))
    whole.forward(images, training=True)
    np.testing.assert_allclose(dense.backward(grads), whole.backward(grads))
    for one, other in zip(dense.parameters, whole.parameters, strict=True):
        np.testing.assert_allclose(one.gradient.ravel(), other.gradient.ravel())


@pytest.mark.parametrize("layer", [Convolution(4), FullyConnected(4)], ids=["conv", "fc"])
def test_biases_start_at_zero_and_are_not_regularized(layer):
    layer.bind(IMAGE if isinstance(layer, Convolution) else (6,))
    layer.initialize(he, stream(0, "weights"), np.float32)
    weights, bias = layer.parameters
    assert weights.values.any()
    assert not bias.values.any()
    assert (weights.regularized, bias.regularized) == (True, False)
    assert layer.parameter_count() == weights.values.size + bias.values.size


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Convolution(8, (5, 3), 1, 0), (4, 9, 1), "conv5x3-8p0 needs an input of at least 5×3"),
        (Convolution(8), (12,), "conv3-8 needs images but gets 12 numbers"),
        (MaxPool(3), (2, 5, 1), "maxpool3 needs an input of at least 3×3 but gets 2×5"),
        (AveragePool(2), (12,), "avgpool2 needs images but gets 12 numbers"),
        (GlobalAveragePool(), (12,), "gap needs images but gets 12 numbers"),
        (FullyConnected(8), (2, 3, 4), "fc-8 needs one row of numbers but gets 2×3×4"),
    ],
)
def test_what_does_not_fit_is_told_with_a_remedy(layer, shape, words):
    with pytest.raises(UsageError, match=words):
        layer.bind(shape)
