"""Neighbors that help each other change no result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.batches import random_batch
from reference.chains import JOINED, learn, learn_apart, make_chain

from cvtool.errors import UsageError
from cvtool.layers.activations import ReLU
from cvtool.layers.chain import Chain
from cvtool.layers.convolution import Convolution
from cvtool.layers.fully_connected import FullyConnected
from cvtool.layers.pooling import MaxPool

IMAGE = (9, 8, 3)
FORMULAS = [
    "(conv3-4 + relu)*2 + maxpool2 + fc-6 + relu + fc-3",
    "(conv3-4/2 + bn + relu)*2 + gap + fc-3 + relu + fc-2",
    "relu + conv3-4p0 + relu + maxpool3/2 + relu + avgpool2 + leaky-relu + fc-4 + bn + relu",
    "conv5-6 + maxout2 + prelu + dropout0.25 + conv1-3 + tanh + flatten + dropout0.5 + fc-4",
    "conv3-4 + relu + res(conv3-4 + bn + relu + conv3-4 + bn) + relu + conv1-2 + elu",
    "conv3-4 + relu + res(relu + conv3-6/3 + relu + conv3-6) + relu + maxpool2 + relu",
    "res(dropout0.5 + conv1-3 + relu) + res0.5(conv3-3 + relu) + relu + conv4-2p0 + sigmoid",
    "conv3-4 + relu + dropout0.5 + relu + maxpool2/1 + conv3-4/3 + relu + gap + relu + fc-3",
    "maxpool2 + relu + relu + conv3-4 + relu + relu + conv3-2",
    "fc-6 + relu + res(fc-6 + relu + fc-6 + bn) + relu + fc-3 + relu",
    "relu + leaky-relu + tanh",
]
WORDS = ["conv3-4", "conv2-3/2p1", "bn", "relu", "relu", "maxpool2/1", "avgpool2/1", "tanh"]
WORDS += ["dropout0.5", "prelu", "res(conv3-4 + relu)", "res(relu + conv1-5)", "res0.5(conv3-2)"]


def batch_for(chain, count, dtype="f4"):
    inputs = random_batch((count, *chain.input_shape), dtype, seed=count)
    return inputs, random_batch((count, *chain.output_shape), dtype, seed=count + 1)


def assert_alike(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("conv", ["direct", "im2col"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_chain_does_what_its_layers_do_one_by_one(formula, conv):
    chain, apart = (make_chain(formula, IMAGE, "f4", conv) for _ in range(2))
    for count in (3, 2, 5, 3):  # a batch smaller than the one before leaves stale numbers behind
        batch = batch_for(chain, count)
        assert_alike(learn(chain, *batch), learn_apart(apart, *batch))
    assert_alike([chain.forward(batch[0])], [apart.forward(batch[0])])


@settings(max_examples=40)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" + ".join))
def test_any_chain_does_what_its_layers_do_one_by_one(formula):
    chain, apart = (make_chain(formula, (33, 34, 3), "f4") for _ in range(2))
    for count in (3, 2):
        batch = batch_for(chain, count)
        assert_alike(learn(chain, *batch), learn_apart(apart, *batch))


@pytest.mark.parametrize("formula", FORMULAS)
def test_inputs_and_gradients_may_be_written_where_they_are_read(formula):
    chain, plain = (make_chain(formula, IMAGE, "f4") for _ in range(2))
    inputs, grad_outputs = batch_for(chain, 3)
    outputs, grad_inputs, *_ = learn(plain, inputs, grad_outputs)
    room = chain.place(3)
    if room is not None:
        room[...] = inputs
        inputs = room
    out = np.full_like(outputs, 7)
    grad_out = np.full_like(grad_inputs, 7)
    assert chain.forward(inputs, training=True, out=out) is out
    np.testing.assert_array_equal(out, outputs)
    room = chain.place_gradient(3)
    if room is not None:
        room[...] = grad_outputs
        grad_outputs = room
    assert chain.backward(grad_outputs, out=grad_out) is grad_out
    np.testing.assert_array_equal(grad_out, grad_inputs)


def test_joined_are_relus_and_the_neighbors_that_can():
    chain = Chain([Convolution(4), ReLU(), MaxPool(2), Convolution(2), ReLU()])
    chain.bind(IMAGE)
    states = [{name for name in JOINED if getattr(layer, name, False)} for layer in chain.layers]
    both = {"forward_absorbed", "backward_absorbed"}
    assert states == [{"rectifies"}, both, {"masks"}, {"rectifies"}, {"forward_absorbed"}]


def test_layers_are_named_in_order():
    chain = make_chain("conv3-4 + relu + res(conv3-4 + relu + conv1-4) + conv3-2 + fc-3", IMAGE)
    names = [layer.name for layer in chain.walk()]
    assert names[:3] == ["conv1", "relu1", "res1"]
    assert names[3:6] == ["res1/conv1", "res1/relu1", "res1/conv2"]
    assert names[6:] == ["conv2", "flatten1", "fc1"]
    parameters = [parameter.name for parameter in chain.parameters]
    assert parameters[:4] == [
        "conv1/weights",
        "conv1/bias",
        "res1/conv1/weights",
        "res1/conv1/bias",
    ]
    assert len(set(parameters)) == len(parameters)


def test_what_does_not_fit_is_said_with_its_place():
    with pytest.raises(UsageError, match=r"^maxpool2 \(layer 2\) needs an input of at least 2×2"):
        Chain([Convolution(4, (3, 3), 1, 0), MaxPool(2)]).bind((3, 3, 1))
    with pytest.raises(UsageError, match=r"^conv3-4 \(layer 2\) needs images but gets 7 numbers"):
        Chain([FullyConnected(7), Convolution(4)]).bind((5,))


def test_nan_goes_through_every_layer():
    chain = make_chain(
        "conv3-4 + relu + maxpool2 + bn + relu + avgpool2 + fc-3 + relu", IMAGE, "f4"
    )
    inputs, _ = batch_for(chain, 3)
    inputs[1, 4, 4, 1] = np.nan
    outputs = chain.forward(inputs)
    np.testing.assert_array_equal(np.isnan(outputs).all(axis=1), [False, True, False])
    assert np.isnan(chain.forward(inputs, training=True)).all()
