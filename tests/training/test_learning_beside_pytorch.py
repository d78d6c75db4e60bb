"""A small network takes the same twenty steps as PyTorch's."""

import numpy as np
import pytest
from reference.batches import random_batch

from cvtool.models.architecture import parse
from cvtool.models.network import Network
from cvtool.training.optimizers import make_optimizer

pytestmark = pytest.mark.peer

FORMULA = (
    "conv3-8 + bn + relu + conv3-8 + relu + maxpool2 + res(conv3-8 + bn + relu + conv3-8) + relu"
    " + conv3-12/2 + relu + fc-16 + relu + fc-5 + softmax"
)
STEPS = 20
RATES = {"momentum": 0.02, "adam": 0.003}


def take_steps(network, images, labels, optimizer, rate):
    losses = []
    for _ in range(STEPS):
        loss, _ = network.learn(images, labels)
        optimizer.step(network.parameters, rate)
        losses.append(loss)
    return np.array(losses)


@pytest.mark.parametrize(("dtype", "closeness"), [("f4", 5e-6), ("f8", 1e-12)])
@pytest.mark.parametrize("name", RATES)
def test_losses_follow_pytorch(name, dtype, closeness):
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    from reference import peers

    network = Network(parse(FORMULA), (8, 8, 3), seed=0, init="auto", dtype=dtype)
    module = peers.module_for(network.chain, dtype)
    images, labels = random_batch((32, 8, 8, 3), dtype), np.arange(32) % 5
    makers = {
        "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
        "adam": torch.optim.Adam,
    }
    theirs = makers[name](module.parameters(), lr=RATES[name])
    expected = peers.train(module, peers.batch_to_torch(images), labels, theirs, STEPS)
    losses = take_steps(network, images, labels, make_optimizer(name), RATES[name])
    assert losses[-1] < losses[0] / 2
    np.testing.assert_allclose(losses, expected, rtol=closeness)
