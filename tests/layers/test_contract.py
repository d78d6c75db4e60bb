"""What every layer of the vocabulary owes: true gradients, announced shapes, any batch size."""

import re

import numpy as np
import pytest
from reference.batches import random_batch
from reference.chains import gradients as kept_gradients
from reference.chains import learn, make_chain
from reference.differences import numerical_gradient
from reference.threads import assert_same_bits

from cvtool.models.vocabulary import VOCABULARY
from cvtool.seeds import stream

IMAGE, VECTOR = (5, 4, 6), (6,)
TABLE = [
    ("conv3-4", IMAGE),
    ("conv3-4/2", IMAGE),
    ("conv4-3/3p2", IMAGE),
    ("conv2x3-2p0", IMAGE),
    ("conv1-3", IMAGE),
    ("conv5-2/2", IMAGE),
    ("maxpool2", IMAGE),
    ("maxpool3/2", IMAGE),
    ("maxpool3/1", IMAGE),
    ("maxpool2/3", IMAGE),
    ("avgpool2", IMAGE),
    ("avgpool3/1", IMAGE),
    ("gap", IMAGE),
    ("fc-5", VECTOR),
    ("fc-3", IMAGE),
    ("relu", IMAGE),
    ("leaky-relu0.1", IMAGE),
    ("prelu", IMAGE),
    ("elu", IMAGE),
    ("sigmoid", IMAGE),
    ("tanh", VECTOR),
    ("maxout2", IMAGE),
    ("bn", IMAGE),
    ("bn", VECTOR),
    ("dropout0.5", IMAGE),
    ("flatten", IMAGE),
    ("res(conv3-6 + relu + conv3-6)", IMAGE),
    ("res(conv3-6 + bn + relu + conv3-6 + bn)", IMAGE),
    ("res(conv3-4/2 + relu + conv3-4)", IMAGE),
    ("res(bn + relu + conv3-4/2)", IMAGE),
    ("res0.5(conv3-6 + relu + conv3-6)", IMAGE),
    ("res(fc-6 + tanh)", VECTOR),
    ("res(res(conv1-6 + relu) + conv3-6)", IMAGE),
]


CONVOLVING = [row for row in TABLE if "conv" in row[0]]
TAKING_NOTHING = [row for row in TABLE if "bn" not in row[0]]  # there is no mean of nothing


@pytest.fixture(params=TABLE, ids=str)
def row(request):
    return request.param


def batch_for(chain, count, dtype="f8"):
    inputs = random_batch((count, *chain.input_shape), dtype, seed=2)
    return inputs, random_batch((count, *chain.output_shape), dtype, seed=3)


def test_the_table_has_every_layer():
    names = {*VOCABULARY, "res"}
    assert {re.match("|".join(sorted(names, reverse=True)), row[0])[0] for row in TABLE} == names


@pytest.mark.parametrize(
    ("row", "conv"),
    [*((row, "direct") for row in TABLE), *((row, "im2col") for row in CONVOLVING)],
    ids=str,
)
def test_gradients_agree_with_central_differences(row, conv):
    chain = make_chain(*row, conv=conv)
    inputs, weights = batch_for(chain, 2)

    def loss(_):
        return float(np.vdot(chain.forward(inputs, training=True), weights))

    _, grad_inputs, *gradients = learn(chain, inputs, weights)
    np.testing.assert_allclose(grad_inputs, numerical_gradient(loss, inputs), atol=1e-7)
    for gradient, parameter in zip(gradients, chain.parameters, strict=True):
        expected = numerical_gradient(loss, parameter.values)
        np.testing.assert_allclose(gradient, expected, atol=1e-7)


def test_after_inference_gradients_are_those_of_inference(row):
    """Neither masks nor a batch's own statistics nor the fate of a branch have a say in them."""
    chain = make_chain(*row)
    inputs, weights = batch_for(chain, 2)
    for step in range(3):  # running statistics move, and the last step may lose a branch
        chain.reseed(lambda name, step=step: stream(step, "noise", name))
        learn(chain, inputs + 1, weights)

    def loss(_):
        return float(np.vdot(chain.forward(inputs), weights))

    loss(inputs)
    grad_inputs, *gradients = (chain.backward(weights.copy()).copy(), *kept_gradients(chain))
    np.testing.assert_allclose(grad_inputs, numerical_gradient(loss, inputs), atol=1e-7)
    for gradient, parameter in zip(gradients, chain.parameters, strict=True):
        expected = numerical_gradient(loss, parameter.values)
        np.testing.assert_allclose(gradient, expected, atol=1e-7)


def test_a_trace_shows_every_layer_on_the_way_to_the_same_outputs(row):
    chain = make_chain(*row, "f4")
    inputs, _ = batch_for(chain, 3, "f4")
    expected = chain.forward(inputs).copy()
    traced = [(layer, outputs.copy()) for layer, outputs in chain.trace(inputs)]
    assert traced[-1][1].tobytes() == expected.tobytes()
    assert {layer for layer, _ in traced} == set(chain.walk())
    for layer, outputs in traced:
        assert outputs.shape == (3, *layer.output_shape)
        way = chain.way_to(layer)
        assert way[-1] is layer
        np.testing.assert_array_equal(chain.up_to(layer).forward(inputs), outputs)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_shapes_types_and_counts_are_as_announced(row, dtype):
    chain = make_chain(*row, dtype)
    inputs, grad_outputs = batch_for(chain, 3, dtype)
    before = inputs.copy()
    outputs, grad_inputs, *gradients = learn(chain, inputs, grad_outputs)
    assert outputs.shape == (3, *chain.output_shape)
    assert grad_inputs.shape == inputs.shape
    assert {array.dtype for array in (outputs, grad_inputs, *gradients)} == {np.dtype(dtype)}
    assert chain.parameter_count() == sum(gradient.size for gradient in gradients)
    np.testing.assert_array_equal(inputs, before)


def test_batches_of_any_size_may_follow_each_other(row):
    chain = make_chain(*row, "f4")
    for count in (5, 2, 7, 1, 5):
        batch = batch_for(chain, count, "f4")
        found, expected = learn(chain, *batch), learn(make_chain(*row, "f4"), *batch)
        for one, other in zip(found, expected, strict=True):
            assert one.tobytes() == other.tobytes()


def test_at_inference_an_image_is_treated_alike_alone_and_among_others(row):
    chain = make_chain(*row, "f4")
    inputs, _ = batch_for(chain, 5, "f4")
    outputs = chain.forward(inputs).copy()
    for index in range(5):
        alone = chain.forward(inputs[index : index + 1])
        assert alone.tobytes() == outputs[index : index + 1].tobytes()


def test_only_the_parameters_gradients_may_be_asked_for(row):
    chain = make_chain(*row)
    inputs, grad_outputs = batch_for(chain, 3)
    _, _, *expected = learn(chain, inputs, grad_outputs)
    chain.forward(inputs, training=True)
    for parameter in chain.parameters:
        parameter.gradient[...] = 7
    chain.backward_parameters(grad_outputs.copy())
    for parameter, gradient in zip(chain.parameters, expected, strict=True):
        np.testing.assert_array_equal(parameter.gradient, gradient)


@pytest.mark.parametrize("training", [False, True])
def test_only_the_gradient_of_the_inputs_may_be_asked_for(row, training):
    chain = make_chain(*row)
    inputs, grad_outputs = batch_for(chain, 3)
    chain.forward(inputs, training=training)
    expected = chain.backward(grad_outputs.copy()).copy()
    chain.forward(inputs, training=training)
    found = chain.backward_inputs(grad_outputs.copy())
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("row", TAKING_NOTHING, ids=str)
def test_an_empty_batch_is_no_trouble(row):
    chain = make_chain(*row, "f4")
    outputs, grad_inputs, *gradients = learn(chain, *batch_for(chain, 0, "f4"))
    assert outputs.shape == (0, *chain.output_shape)
    assert grad_inputs.shape == (0, *chain.input_shape)
    assert not any(gradient.any() for gradient in gradients)


def test_threads_change_no_bit(row):
    chain = make_chain(*row, "f4")
    assert_same_bits(lambda: learn(chain, *batch_for(chain, 7, "f4")))
