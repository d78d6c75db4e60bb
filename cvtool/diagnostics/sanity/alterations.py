"""Ways to spoil a set-up: each puts something mistaken in the place of one of its parts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cvtool.config import TrainConfig
from cvtool.datasets.batches import batch_order
from cvtool.datasets.dataset import Indices
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Split, Subset
from cvtool.diagnostics.sanity.feeding import Corrupted
from cvtool.diagnostics.sanity.setup import Labels, Setup
from cvtool.layers.base import Array, Parameter
from cvtool.losses.softmax import probabilities, softmax_loss
from cvtool.models.network import Network
from cvtool.seeds import stream

Alteration = Callable[[Setup], Setup]


def with_procedure(**parts: Any) -> Alteration:
    return lambda setup: replace(setup, procedure=replace(setup.procedure, **parts))


def with_weights(change: Callable[[Parameter], None]) -> Alteration:
    """Change all parameters of every fresh network."""

    def alter(setup: Setup) -> Setup:
        def build(config: TrainConfig) -> Network:
            network = setup.build(config)
            for each in network.parameters:
                change(each)
            return network

        return replace(setup, build=build)

    return alter


def fed_with(change: Callable[[Array, Labels], None]) -> Alteration:
    """Change every batch on its way to the network."""

    def alter(setup: Setup) -> Setup:
        return replace(setup, batches=lambda subset: Corrupted(setup.batches(subset), change))

    return alter


def relabeled(change: Callable[[Labels, int], Labels]) -> Alteration:
    """Change the labels of training images."""

    def alter(setup: Setup) -> Setup:
        train = setup.split.train
        relabeled = train.relabeled(change(train.labels, len(setup.classes)))
        return replace(setup, split=Split(relabeled, setup.split.validation))

    return alter


def leak(setup: Setup) -> Setup:
    train, validation = setup.split.train, setup.split.validation
    some = validation.indices[: len(validation) // 4]
    return replace(
        setup, split=Split(Subset(train.examples, np.union1d(train.indices, some)), validation)
    )


def copy_across(setup: Setup) -> Setup:
    """Append copies of validation images to the examples, and learn from these."""
    train, validation = setup.split.train, setup.split.validation
    count = max(1, len(validation) // 10)
    old = train.examples
    images = np.concatenate([old.images, validation.images_at(slice(0, count))])
    labels = np.concatenate([old.labels, validation.labels[:count]])
    added = np.arange(len(old), len(old) + count)
    subset = Subset(
        replace(old, images=images, labels=labels), np.concatenate([train.indices, added])
    )
    return replace(setup, split=Split(subset, validation))


def fit_to_all(setup: Setup) -> Setup:
    train, validation = setup.split.train, setup.split.validation
    both = Subset(train.examples, np.union1d(train.indices, validation.indices))
    return replace(setup, preprocessing=Preprocessing.fit(setup.config.preprocess, both))


def learn_of_probabilities(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
    scores = network.chain.forward(images, training=True)
    powers = probabilities(scores)
    loss, slope = softmax_loss(powers, labels)
    inner = powers * (slope - (slope * powers).sum(axis=1, keepdims=True))
    network.chain.backward_parameters(inner.astype(scores.dtype))
    return loss, scores


def spoiling(change: Callable[[Sequence[Parameter], int], None]) -> Alteration:
    """Spoil gradients after they were set; the change is told the number of images."""

    def learn(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
        loss, scores = network.learn(images, labels)
        change(network.parameters, len(labels))
        return loss, scores

    return with_procedure(learn=learn)


def lose_first(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters[:2]:
        each.gradient[...] = 0


def freeze_last(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters[-2:]:
        each.gradient[...] = 0


def flip(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters:
        each.gradient *= -1


def multiply(parameters: Sequence[Parameter], count: int) -> None:
    for each in parameters:
        each.gradient *= count


def keep_biases(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters:
        if each.regularized:
            each.gradient[...] = 0


def learn_of_sums(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
    loss, scores = network.learn(images, labels)
    multiply(network.parameters, len(labels))
    return loss * len(labels), scores


def price_alone(parameters: Sequence[Parameter], config: TrainConfig) -> float:
    return config.strength * sum(
        float((each.values.astype(np.float64) ** 2).sum())
        for each in parameters
        if each.regularized
    )


def reward(parameters: Sequence[Parameter], config: TrainConfig) -> float:
    price = price_alone(parameters, config)
    for each in parameters:
        if each.regularized:
            each.gradient -= 2 * config.strength * each.values
    return -price


def infer_as_in_training(network: Network, images: Array) -> Array:
    return network.chain.forward(images, training=True)


def in_given_order(count: int, size: int, _seed: int, _epoch: int) -> list[Indices]:
    return batch_order(count, size)


def sort_by_class(setup: Setup) -> Setup:
    train = setup.split.train
    order = train.indices[np.argsort(train.labels, kind="stable")]
    sorted_split = Split(Subset(train.examples, order), setup.split.validation)
    return replace(with_procedure(order=in_given_order)(setup), split=sorted_split)


def scaled(factor: float) -> Callable[[Parameter], None]:
    def change(parameter: Parameter) -> None:
        if parameter.regularized:
            parameter.values *= factor

    return change


def sink_biases(parameter: Parameter) -> None:
    if not parameter.regularized and parameter.values.size > 10:
        parameter.values[...] = -10


def filled_with(value: float) -> Callable[[Array, Labels], None]:
    def change(images: Array, _labels: Labels) -> None:
        images[...] = value

    return change


def unscale(images: Array, _labels: Labels) -> None:
    images *= 96
    images += 80


def normalize_again(images: Array, _labels: Labels) -> None:
    images -= 0.3
    images /= 0.38


def tell_class(images: Array, labels: Labels) -> None:
    """Write the class into the first pixels."""
    flat = images.reshape(len(images), -1)
    flat[:, :10] = 0
    flat[np.arange(len(labels)), labels] = 10


def deal_out(labels: Labels, _classes: int) -> Labels:
    return stream(7, "sanity", "wrong").permutation(labels)
