"""The layer on stored bytes is the fully-connected layer on preprocessed pixels."""

import numpy as np
import pytest
from reference.batches import random_batch
from reference.differences import numerical_gradient
from reference.threads import assert_same_bits

from cvtool.layers.activations import ReLU
from cvtool.layers.chain import Chain
from cvtool.layers.flatten import Flatten
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.initialization import xavier
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.seeds import stream

IMAGE, CLASSES = (5, 7, 3), 11
MOMENTS = {
    "none": (np.float32(0), np.float32(1)),
    "standardize": (np.array([0.4, 0.5, 0.6], "f4"), np.array([0.2, 0.3, 0.25], "f4")),
    "mean-image": (np.random.default_rng(5).random(IMAGE, np.float32), np.float32(1)),
}


@pytest.fixture(params=MOMENTS)
def moments(request):
    return tuple(map(np.asarray, MOMENTS[request.param]))


def made(layers, dtype="f8"):
    chain = Chain(layers)
    chain.bind(IMAGE)
    for layer in chain.walk():
        layer.initialize(xavier, stream(0, "weights", layer.name), dtype)
    return chain


def pair(moments, dtype="f8", behind=()):
    """Make the layer and its model; the one on bytes begins without a flatten."""
    ours = made([ScaledPixels(CLASSES, *moments), *(layer() for layer in behind)], dtype)
    model = made([Flatten(), FullyConnected(CLASSES), *(layer() for layer in behind)], dtype)
    return ours, model


def images_of(count):
    return np.random.default_rng(0).integers(0, 256, (count, *IMAGE), np.uint8)


def preprocess(images, moments, dtype="f8"):
    mean, scale = (each.astype(np.float64) for each in moments)
    return ((images / 255 - mean) / scale).astype(dtype)


def learn(chain, inputs, grad_outputs):
    outputs = chain.forward(inputs, training=True).copy()
    grad_inputs = chain.backward(grad_outputs.copy()).copy()
    return outputs, grad_inputs, *(each.gradient.copy() for each in chain.parameters)


def test_it_starts_from_the_same_bits_under_the_same_names(moments):
    ours, model = pair(moments, "f4")
    for one, other in zip(ours.parameters, model.parameters, strict=True):
        assert (one.name, one.regularized) == (other.name, other.regularized)
        assert one.values.tobytes() == other.values.tobytes()
        assert one.values.shape == other.values.shape
    assert ours.parameter_count() == model.parameter_count()
    assert ours.multiply_adds() == model.multiply_adds()
    assert ours.layers[0].formula == "fc-11"


@pytest.mark.parametrize("behind", [(), (ReLU,)], ids=["plain", "rectified"])
@pytest.mark.parametrize("count", [1, 6, 33])
@pytest.mark.parametrize(("dtype", "precision"), [("f4", 1e-4), ("f8", 1e-11)])
def test_it_learns_what_a_layer_on_preprocessed_pixels_learns(
    moments, dtype, precision, count, behind
):
    ours, model = pair(moments, dtype, behind)
    images, grads = images_of(count), random_batch((count, CLASSES), dtype)
    found = learn(ours, images, grads)
    outputs, grad_inputs, *gradients = learn(model, preprocess(images, moments, dtype), grads)
    # A stored byte is a preprocessed pixel, scaled.
    grad_bytes = grad_inputs / (255 * moments[1].astype(dtype))
    for one, other in zip(found, (outputs, grad_bytes, *gradients), strict=True):
        assert one.dtype == dtype
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=precision, atol=precision * abs(other).max())


def test_gradients_agree_with_central_differences(moments):
    chain, _ = pair(moments)
    images, weights = images_of(2), random_batch((2, CLASSES), "f8")
    learn(chain, images, weights)
    for parameter in chain.parameters:
        expected = numerical_gradient(
            lambda _: float((chain.forward(images) * weights).sum()), parameter.values
        )
        np.testing.assert_allclose(parameter.gradient, expected, rtol=1e-6, atol=1e-7)


def test_images_may_lie_in_its_own_memory_or_anywhere(moments):
    chain, _ = pair(moments, "f4")
    images = images_of(12)
    expected = chain.forward(images).copy()
    room = chain.place(12)
    assert (room.dtype, room.shape) == (np.uint8, images.shape)
    room[...] = images
    np.testing.assert_array_equal(chain.forward(room), expected)
    apart = np.repeat(images, 2, axis=2)[:, :, ::2]
    assert not apart.flags.c_contiguous
    np.testing.assert_array_equal(chain.forward(apart), expected)
    out = np.empty((12, CLASSES + 2), "f4")[:, 1:-1]
    assert chain.forward(images, out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_no_image_is_as_good_as_many(moments):
    chain, _ = pair(moments, "f4")
    outputs, grad_inputs, *gradients = learn(chain, images_of(0), np.empty((0, CLASSES), "f4"))
    assert outputs.shape == (0, CLASSES)
    assert grad_inputs.shape == (0, *IMAGE)
    assert not any(gradient.any() for gradient in gradients)


def test_threads_change_no_bit(moments):
    chain, _ = pair(moments, "f4")
    assert_same_bits(lambda: learn(chain, images_of(70), random_batch((70, CLASSES), "f4")))
