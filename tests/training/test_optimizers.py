"""Optimizers follow PyTorch's, and remember enough to be interrupted."""

import numpy as np
import pytest
from reference.batches import random_batch

from cvtool.config import OPTIMIZERS as NAMES
from cvtool.layers.base import Parameter
from cvtool.training.optimizers import OPTIMIZERS, make_optimizer

RATE = 0.05


@pytest.fixture(params=OPTIMIZERS)
def name(request):
    return request.param


def make_parameters(dtype=np.float64):
    weights = Parameter("fc1/weights", random_batch((6, 4), dtype))
    bias = Parameter("fc1/bias", random_batch(4, dtype, seed=1), regularized=False)
    return [weights, bias]


def take_steps(optimizer, parameters, steps):
    """Go down a bowl that is not round, with some noise."""
    for step in steps:
        for parameter in parameters:
            noise = random_batch(parameter.values.shape, parameter.values.dtype, seed=step)
            parameter.gradient[...] = parameter.values**3 + 0.1 * noise
        optimizer.step(parameters, RATE / (1 + step))


def test_every_choice_is_known():
    assert set(OPTIMIZERS) == set(NAMES)


@pytest.mark.peer
def test_twenty_steps_follow_pytorch(name):
    torch = pytest.importorskip("torch", reason="the peer is PyTorch")
    makers = {
        "sgd": lambda p: torch.optim.SGD(p, lr=RATE),
        "momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.8),
        "nesterov": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.8, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=RATE),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=RATE),
        "adam": lambda p: torch.optim.Adam(p, lr=RATE),
        "adamw": lambda p: torch.optim.AdamW(p, lr=RATE),
    }
    parameters = make_parameters()
    theirs = [torch.tensor(each.values, requires_grad=True) for each in parameters]
    decays = (0.1, 0.0) if name == "adamw" else (0.0, 0.0)
    groups = [
        {"params": [each], "weight_decay": decay}
        for each, decay in zip(theirs, decays, strict=True)
    ]
    peer, optimizer = makers[name](groups), make_optimizer(name, momentum=0.8, decay=0.1)
    for step in range(20):
        for parameter, their in zip(parameters, theirs, strict=True):
            parameter.gradient[...] = random_batch(parameter.values.shape, np.float64, seed=step)
            their.grad = torch.tensor(parameter.gradient)
        optimizer.step(parameters, RATE)
        peer.step()
        for parameter, their in zip(parameters, theirs, strict=True):
            np.testing.assert_allclose(parameter.values, their.detach().numpy(), rtol=1e-11)


def test_an_interruption_changes_no_bit(name):
    whole, parts = make_parameters(np.float32), make_parameters(np.float32)
    optimizer = make_optimizer(name)
    take_steps(optimizer, whole, range(8))

    first, second = make_optimizer(name), make_optimizer(name)
    take_steps(first, parts, range(5))
    second.restore(first.state())
    take_steps(second, parts, range(5, 8))
    for one, other in zip(whole, parts, strict=True):
        assert one.values.tobytes() == other.values.tobytes()
    state, restored = optimizer.state(), second.state()
    assert state.keys() == restored.keys()
    for key in state:
        np.testing.assert_array_equal(state[key], restored[key])


def test_restored_memory_is_a_copy(name):
    parameters, first, second = make_parameters(), make_optimizer(name), make_optimizer(name)
    take_steps(first, parameters, range(2))
    second.restore(first.state())
    before = {key: array.copy() for key, array in first.state().items()}
    take_steps(second, parameters, range(2))
    for key, array in first.state().items():
        np.testing.assert_array_equal(array, before[key])


def test_memory_is_named_after_parameters():
    parameters, optimizer = make_parameters(), make_optimizer("momentum")
    take_steps(optimizer, parameters, range(1))
    assert set(optimizer.state()) == {"fc1/weights/velocity", "fc1/bias/velocity", "steps"}
    assert optimizer.state()["steps"].shape == ()


def test_all_go_downhill(name):
    parameters = make_parameters()
    before = sum((each.values**4).sum() for each in parameters)
    take_steps(make_optimizer(name), parameters, range(20))
    assert sum((each.values**4).sum() for each in parameters) < before


def test_a_rate_of_zero_stands_still(name):
    parameters = make_parameters()
    before = [each.values.copy() for each in parameters]
    for parameter in parameters:
        parameter.gradient[...] = 1
    make_optimizer(name).step(parameters, 0.0)
    for parameter, values in zip(parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.values, values)
