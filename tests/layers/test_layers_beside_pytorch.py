"""Layers agree with PyTorch's: outputs, gradients of inputs and parameters, running statistics."""

import numpy as np
import pytest
from reference.batches import random_batch
from reference.chains import learn, make_chain

pytestmark = pytest.mark.peer

IMAGE, VECTOR = (9, 8, 6), (6,)
TABLE = [
    ("conv3-4", IMAGE),
    ("conv5-4/2", IMAGE),
    ("conv2x3-5/3p2", IMAGE),
    ("conv1-70", IMAGE),
    ("maxpool2", IMAGE),
    ("maxpool3/2", IMAGE),
    ("maxpool2/3", IMAGE),
    ("avgpool2", IMAGE),
    ("avgpool3/2", IMAGE),
    ("gap", IMAGE),
    ("fc-5", VECTOR),
    ("fc-5", IMAGE),
    ("bn", IMAGE),
    ("bn", VECTOR),
    ("conv3-4/2 + bn + relu + conv3-5 + relu + maxpool3/2 + gap + fc-7 + relu + fc-3", IMAGE),
    ("res(conv3-6 + bn + relu + conv3-6 + bn) + relu", IMAGE),
    ("relu + res(conv3-4/2 + bn + relu + conv3-4 + bn) + relu + maxpool2", IMAGE),
]
CLOSE = {"f4": {"rtol": 1e-4, "atol": 1e-4}, "f8": {"rtol": 1e-9, "atol": 1e-9}}


@pytest.fixture
def peers():
    pytest.importorskip("torch", reason="the peer is PyTorch")
    from reference import peers

    return peers


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_outputs_and_gradients_agree(peers, row, dtype):
    chain = make_chain(*row, dtype)
    module = peers.module_for(chain, dtype)
    inputs = random_batch((5, *chain.input_shape), dtype, seed=2)
    grad_outputs = random_batch((5, *chain.output_shape), dtype, seed=3)
    theirs = peers.batch_to_torch(inputs).requires_grad_()
    expected = module(theirs)
    expected.backward(peers.batch_to_torch(grad_outputs))

    outputs, grad_inputs, *gradients = learn(chain, inputs, grad_outputs)
    for found, tensor in ((outputs, expected), (grad_inputs, theirs.grad)):
        np.testing.assert_allclose(found, peers.batch_from_torch(tensor), **CLOSE[dtype])
    for gradient, parameter in zip(gradients, module.parameters(), strict=True):
        their_gradient = peers.parameter_from_torch(parameter.grad)
        np.testing.assert_allclose(gradient, their_gradient, **CLOSE[dtype])


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("shape", [IMAGE, VECTOR], ids=str)
def test_running_statistics_and_inference_agree(peers, shape, dtype):
    chain = make_chain("bn", shape, dtype)
    module = peers.module_for(chain, dtype)
    for seed, count in enumerate((7, 2, 5, 9)):
        inputs = random_batch((count, *shape), dtype, seed) * 3 + 1
        chain.forward(inputs, training=True)
        module(peers.batch_to_torch(inputs))
        theirs = module[0].running_mean, module[0].running_var
        for running, expected in zip(chain.state.values(), theirs, strict=True):
            np.testing.assert_allclose(running, expected.numpy(), **CLOSE[dtype])
    expected = peers.batch_from_torch(module.eval()(peers.batch_to_torch(inputs)))
    np.testing.assert_allclose(chain.forward(inputs), expected, **CLOSE[dtype])
