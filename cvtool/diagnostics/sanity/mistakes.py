"""Mistakes as people make them, to see which of the checks find them.

Each changes the choices, or puts something mistaken in the place of a part of the set-up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

SMALL: Mapping[str, Any] = {
    "dataset": "digits",
    "limit": 600,
    "arch": "fc-32 + relu",
    "batch_size": 32,
}
"""A set-up that is healthy, and quickly looked at."""
NORMALIZED = {"arch": "fc-32 + bn + relu"}
LEARNED_FROM = ("tiny subset", "learns from images", "learning rate")

Alteration = Callable[[Setup], Setup]


@dataclass(frozen=True)
class SeededMistake:
    """One mistake, in a few words, and the checks of which one has to find it."""

    name: str
    what: str
    found_by: tuple[str, ...]
    alter: Alteration = field(default=lambda setup: setup)
    choices: Mapping[str, Any] = field(default_factory=dict)

    def config(self, seed: int) -> TrainConfig:
        """Return the small set-up with the mistaken choices."""
        return TrainConfig(**{**SMALL, **self.choices, "seed": seed})


def _procedure(**parts: Any) -> Alteration:
    return lambda setup: replace(setup, procedure=replace(setup.procedure, **parts))


def _weights(change: Callable[[Parameter], None]) -> Alteration:
    """Change all parameters of every fresh network."""

    def alter(setup: Setup) -> Setup:
        def build(config: TrainConfig) -> Network:
            network = setup.build(config)
            for each in network.parameters:
                change(each)
            return network

        return replace(setup, build=build)

    return alter


def _fed(change: Callable[[Array, Labels], None]) -> Alteration:
    """Change every batch on its way to the network."""

    def alter(setup: Setup) -> Setup:
        return replace(setup, batches=lambda subset: Corrupted(setup.batches(subset), change))

    return alter


def _labels(change: Callable[[Labels, int], Labels]) -> Alteration:
    """Change the labels of training images."""

    def alter(setup: Setup) -> Setup:
        train = setup.split.train
        relabeled = train.relabeled(change(train.labels, len(setup.classes)))
        return replace(setup, split=Split(relabeled, setup.split.validation))

    return alter


def _leaked(setup: Setup) -> Setup:
    train, validation = setup.split.train, setup.split.validation
    some = validation.indices[: len(validation) // 4]
    return replace(
        setup, split=Split(Subset(train.examples, np.union1d(train.indices, some)), validation)
    )


def _copied(setup: Setup) -> Setup:
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


def _fitted_to_all(setup: Setup) -> Setup:
    train, validation = setup.split.train, setup.split.validation
    both = Subset(train.examples, np.union1d(train.indices, validation.indices))
    return replace(setup, preprocessing=Preprocessing.fit(setup.config.preprocess, both))


def _twice_softmax(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
    scores = network.chain.forward(images, training=True)
    powers = probabilities(scores)
    loss, slope = softmax_loss(powers, labels)
    inner = powers * (slope - (slope * powers).sum(axis=1, keepdims=True))
    network.chain.backward_parameters(inner.astype(scores.dtype))
    return loss, scores


def _after(change: Callable[[Sequence[Parameter], int], None]) -> Alteration:
    """Spoil gradients after they were set; the change is told the number of images."""

    def learn(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
        loss, scores = network.learn(images, labels)
        change(network.parameters, len(labels))
        return loss, scores

    return _procedure(learn=learn)


def _lose(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters[:2]:
        each.gradient[...] = 0


def _freeze(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters[-2:]:
        each.gradient[...] = 0


def _flip(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters:
        each.gradient *= -1


def _sum(parameters: Sequence[Parameter], count: int) -> None:
    for each in parameters:
        each.gradient *= count


def _biases_only(parameters: Sequence[Parameter], _count: int) -> None:
    for each in parameters:
        if each.regularized:
            each.gradient[...] = 0


def _summed(network: Network, images: Array, labels: Labels) -> tuple[float, Array]:
    loss, scores = network.learn(images, labels)
    _sum(network.parameters, len(labels))
    return loss * len(labels), scores


def _without_slope(parameters: Sequence[Parameter], config: TrainConfig) -> float:
    return config.strength * sum(
        float((each.values.astype(np.float64) ** 2).sum())
        for each in parameters
        if each.regularized
    )


def _rewarding(parameters: Sequence[Parameter], config: TrainConfig) -> float:
    price = _without_slope(parameters, config)
    for each in parameters:
        if each.regularized:
            each.gradient -= 2 * config.strength * each.values
    return -price


def _training_mode(network: Network, images: Array) -> Array:
    return network.chain.forward(images, training=True)


def _by_class(count: int, size: int, _seed: int, _epoch: int) -> list[Indices]:
    return batch_order(count, size)


def _sorted(setup: Setup) -> Setup:
    train = setup.split.train
    order = train.indices[np.argsort(train.labels, kind="stable")]
    sorted_split = Split(Subset(train.examples, order), setup.split.validation)
    return replace(_procedure(order=_by_class)(setup), split=sorted_split)


def _scale(factor: float) -> Callable[[Parameter], None]:
    def change(parameter: Parameter) -> None:
        if parameter.regularized:
            parameter.values *= factor

    return change


def _sink(parameter: Parameter) -> None:
    if not parameter.regularized and parameter.values.size > 10:
        parameter.values[...] = -10


def _set(value: float) -> Callable[[Array, Labels], None]:
    def change(images: Array, _labels: Labels) -> None:
        images[...] = value

    return change


def _as_bytes(images: Array, _labels: Labels) -> None:
    images *= 96
    images += 80


def _again(images: Array, _labels: Labels) -> None:
    images -= 0.3
    images /= 0.38


def _tell(images: Array, labels: Labels) -> None:
    """Write the class into the first pixels."""
    flat = images.reshape(len(images), -1)
    flat[:, :10] = 0
    flat[np.arange(len(labels)), labels] = 10


def _random(labels: Labels, _classes: int) -> Labels:
    return stream(7, "sanity", "wrong").permutation(labels)


DEEP = "fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0}"

MISTAKES: tuple[SeededMistake, ...] = (
    SeededMistake("wrong labels", "labels belong to other images", LEARNED_FROM, _labels(_random)),
    SeededMistake(
        "labels off by one",
        "labels count from 1",
        ("labels",),
        _labels(lambda labels, _: labels + 1),
    ),
    SeededMistake(
        "missing class",
        "a class is never learned from",
        ("labels",),
        _labels(lambda labels, classes: np.minimum(labels, classes - 2)),
    ),
    SeededMistake(
        "double softmax",
        "the loss is given probabilities instead of scores",
        ("tiny subset",),
        _procedure(learn=_twice_softmax),
    ),
    SeededMistake(
        "lost gradient", "no gradient reaches the first layer", ("everything moves",), _after(_lose)
    ),
    SeededMistake(
        "frozen layer", "the last layer is never changed", ("everything moves",), _after(_freeze)
    ),
    SeededMistake(
        "biases alone", "only biases are learned", ("everything moves",), _after(_biases_only)
    ),
    SeededMistake("flipped sign", "steps go up the gradient", ("descent",), _after(_flip)),
    SeededMistake(
        "summed gradient", "the gradient is not divided by the images", ("descent",), _after(_sum)
    ),
    SeededMistake(
        "summed loss",
        "the loss is not divided by the images",
        ("initial loss",),
        _procedure(learn=_summed),
    ),
    SeededMistake(
        "sorted batches",
        "images come one class after the other, unshuffled",
        ("mixed batches",),
        _sorted,
    ),
    SeededMistake(
        "huge weights", "weights begin 30 times too large", ("initial loss",), _weights(_scale(30))
    ),
    SeededMistake(
        "tiny weights",
        "weights begin 100 times too small",
        ("activations",),
        _weights(_scale(0.01)),
        {"arch": DEEP.format("relu")},
    ),
    SeededMistake(
        "zero weights", "all weights begin at zero", ("asymmetry",), choices={"init": "zero"}
    ),
    SeededMistake(
        "constant weights", "all weights begin equal", ("asymmetry",), choices={"init": "constant"}
    ),
    SeededMistake(
        "rate too large",
        "the learning rate is 3",
        ("learning rate", "update size"),
        choices={"learning_rate": 3.0},
    ),
    SeededMistake(
        "rate too small",
        "the learning rate is 1e-8",
        ("learning rate", "update size"),
        choices={"learning_rate": 1e-8},
    ),
    SeededMistake(
        "saturated tanh",
        "weights of a deep tanh network begin 10 times too large",
        ("units respond",),
        _weights(_scale(10)),
        {"arch": DEEP.format("tanh")},
    ),
    SeededMistake(
        "vanishing sigmoid",
        "a deep sigmoid network with tiny weights",
        ("gradients", "activations"),
        _weights(_scale(0.02)),
        {"arch": DEEP.format("sigmoid")},
    ),
    SeededMistake(
        "dead units", "biases of -10 silence rectified units", ("units live",), _weights(_sink)
    ),
    SeededMistake(
        "leaked validation", "validation images are learned from", ("disjoint parts",), _leaked
    ),
    SeededMistake(
        "copies across parts",
        "copies of validation images are learned from",
        ("disjoint parts",),
        _copied,
    ),
    SeededMistake("unscaled bytes", "inputs run from 0 to 255", ("input range",), _fed(_as_bytes)),
    SeededMistake(
        "normalized twice", "mean and deviation are taken off twice", ("input range",), _fed(_again)
    ),
    SeededMistake("constant inputs", "every image is the same", ("input range",), _fed(_set(1.0))),
    SeededMistake(
        "statistics of everything",
        "preprocessing is fitted to validation images as well",
        ("training statistics",),
        _fitted_to_all,
    ),
    SeededMistake(
        "batch statistics at inference",
        "batch norm uses the batch's moments at inference",
        ("batch independence",),
        _procedure(infer=_training_mode),
        NORMALIZED,
    ),
    SeededMistake(
        "dropout at inference",
        "neurons are dropped at inference",
        ("batch independence",),
        _procedure(infer=_training_mode),
        {"arch": "fc-32 + relu + dropout0.5"},
    ),
    SeededMistake(
        "label in the image", "a pixel tells the class", ("shuffled labels",), _fed(_tell)
    ),
    SeededMistake(
        "heavy penalty",
        "the penalty outweighs the data",
        ("regularization",),
        choices={"strength": 1.0},
    ),
    SeededMistake(
        "penalty without gradient",
        "the penalty is added to the loss alone",
        ("regularization",),
        _procedure(penalize=_without_slope),
        {"strength": 1e-2},
    ),
    SeededMistake(
        "rewarded weights",
        "the penalty has the wrong sign",
        ("regularization",),
        _procedure(penalize=_rewarding),
        {"strength": 1e-2},
    ),
)

RESIDUAL = "conv3-8 + bn + relu + res(conv3-8 + bn + relu + conv3-8)"

HEALTHY: Mapping[str, Mapping[str, Any]] = {
    "digits, one hidden layer": SMALL,
    "digits, linear softmax": {**SMALL, "arch": "linear"},
    "digits, linear svm": {**SMALL, "arch": "linear", "loss": "svm"},
    "digits, the notes' pattern": {**SMALL, "arch": None, "n": 1, "m": 2, "filters": "8,16"},
    "digits, dropout and batch norm": {**SMALL, "arch": "fc-64 + bn + relu + dropout0.3"},
    "digits, residual": {**SMALL, "arch": RESIDUAL},
    "digits, momentum": {**SMALL, "optimizer": "momentum", "learning_rate": 1e-2},
    "digits, tanh": {**SMALL, "arch": "fc-32 + tanh + fc-32 + tanh"},
    "shapes, small convolutions": {
        **SMALL,
        "dataset": "shapes:images=900",
        "arch": "(conv3-8 + bn + relu + maxpool2)*2",
    },
    "blobs, one hidden layer": {**SMALL, "dataset": "blobs"},
    "spiral, two hidden layers": {
        **SMALL,
        "dataset": "spiral",
        "arch": "fc-64 + relu + fc-64 + relu",
        "learning_rate": 1e-2,
    },
}
"""Set-ups without a mistake."""
