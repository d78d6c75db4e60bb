"""Whole networks, after a few steps of training, with their data loss and their penalty apart."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from cvtool.config import NetworkConfig
from cvtool.diagnostics.gradients.case import Case, Setting, first_fitting
from cvtool.diagnostics.gradients.layer_cases import hold
from cvtool.diagnostics.gradients.subjects import (
    ChainSubject,
    Judgement,
    PenaltySubject,
    Regularization,
    Subject,
)
from cvtool.layers.base import Array, Shape
from cvtool.models.architectures import ARCHITECTURES, resolve
from cvtool.models.network import Network
from cvtool.seeds import stream
from cvtool.training.optimizers import SGD

IMAGES, CLASSES = 4, 10
SHAPES = ((8, 8, 3), (16, 16, 3), (32, 32, 3), (64, 64, 3))
THRIFT = 8
RATE = 1e-3


def network_cases() -> Iterator[Case]:
    """Name all architectures that have a name, the default, and one with hinges at its end."""
    for name in ARCHITECTURES:
        yield Case(name, "network", partial(_data_loss, name, SHAPES[0]), THRIFT)
    yield Case("default network", "network", partial(_data_loss, None, SHAPES[0]), THRIFT)
    yield Case("mlp, svm", "network", partial(_data_loss, "mlp", SHAPES[0], loss="svm"), THRIFT)


def chosen_network(arch: str) -> list[Case]:
    """Check a user's network on random images of the first size that it takes.

    Raises
    ------
    UsageError
        If it is no formula, or takes none of them.
    """
    shape = first_fitting(SHAPES, lambda each: _network(arch, each, Setting()))
    penalty = partial(_penalty, arch, shape)
    return [
        Case(f"{arch}, data loss", "network", partial(_data_loss, arch, shape), thrift=3),
        Case(f"{arch}, l2 penalty", "regularization", penalty, thrift=3),
    ]


def network_on(network: Network, images: Array, labels: Array, setting: Setting) -> ChainSubject:
    """Train a network for some steps, so that it is at no special point, and hold its masks."""
    burn_in(network, images, labels, setting.burn_in)
    hold(network.chain)
    return ChainSubject(network.chain, images, Judgement(network.loss, labels))


def burn_in(network: Network, images: Array, labels: Array, steps: int) -> None:
    """Take steps down the gradient: at its start a network is symmetric in many ways."""
    optimizer = SGD()
    for step in range(steps):
        network.reseed(step)
        network.learn(images, labels)
        optimizer.step(network.parameters, RATE)
    network.reseed(steps)


def penalty_of(network: Network) -> Subject:
    """Check the default penalty on all weights of a network."""
    return PenaltySubject(list(network.parameters), Regularization("l2", strength=1e-2))


def _data_loss(
    arch: str | None, shape: Shape, setting: Setting, *, loss: str | None = None
) -> Subject:
    random = stream(setting.seed, "gradcheck", "images")
    images = random.normal(0, 1, (IMAGES, *shape)).astype(setting.dtype)
    labels = random.integers(0, CLASSES, IMAGES)
    return network_on(_network(arch, shape, setting, loss), images, labels, setting)


def _penalty(arch: str, shape: Shape, setting: Setting) -> Subject:
    return penalty_of(_network(arch, shape, setting))


def _network(arch: str | None, shape: Shape, setting: Setting, loss: str | None = None) -> Network:
    formula = resolve(NetworkConfig(arch=arch, loss=loss), shape, CLASSES)
    dtype = np.dtype(setting.dtype)
    return Network(formula, shape, seed=setting.seed, init="auto", dtype=dtype)
