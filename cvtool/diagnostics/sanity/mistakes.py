"""Mistakes as people make them, to see which of the checks find them.

Each changes the choices, or puts something mistaken in the place of a part of the set-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cvtool.config import TrainConfig
from cvtool.diagnostics.sanity.alterations import (
    Alteration,
    copy_across,
    deal_out,
    fed_with,
    filled_with,
    fit_to_all,
    flip,
    freeze_last,
    infer_as_in_training,
    keep_biases,
    leak,
    learn_of_probabilities,
    learn_of_sums,
    lose_first,
    multiply,
    normalize_again,
    price_alone,
    relabeled,
    reward,
    scaled,
    sink_biases,
    sort_by_class,
    spoiling,
    tell_class,
    unscale,
    with_procedure,
    with_weights,
)

SMALL: Mapping[str, Any] = {
    "dataset": "digits",
    "limit": 600,
    "arch": "fc-32 + relu",
    "batch_size": 32,
}
"""A set-up that is healthy, and quickly looked at."""
NORMALIZED = {"arch": "fc-32 + bn + relu"}
LEARNED_FROM = ("tiny subset", "learns from images", "learning rate")


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


DEEP = "fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0} + fc-32 + {0}"

MISTAKES: tuple[SeededMistake, ...] = (
    SeededMistake(
        "wrong labels", "labels belong to other images", LEARNED_FROM, relabeled(deal_out)
    ),
    SeededMistake(
        "labels off by one",
        "labels count from 1",
        ("labels",),
        relabeled(lambda labels, _: labels + 1),
    ),
    SeededMistake(
        "missing class",
        "a class is never learned from",
        ("labels",),
        relabeled(lambda labels, classes: np.minimum(labels, classes - 2)),
    ),
    SeededMistake(
        "double softmax",
        "the loss is given probabilities instead of scores",
        ("tiny subset",),
        with_procedure(learn=learn_of_probabilities),
    ),
    SeededMistake(
        "lost gradient",
        "no gradient reaches the first layer",
        ("everything moves",),
        spoiling(lose_first),
    ),
    SeededMistake(
        "frozen layer",
        "the last layer is never changed",
        ("everything moves",),
        spoiling(freeze_last),
    ),
    SeededMistake(
        "biases alone", "only biases are learned", ("everything moves",), spoiling(keep_biases)
    ),
    SeededMistake("flipped sign", "steps go up the gradient", ("descent",), spoiling(flip)),
    SeededMistake(
        "summed gradient",
        "the gradient is not divided by the images",
        ("descent",),
        spoiling(multiply),
    ),
    SeededMistake(
        "summed loss",
        "the loss is not divided by the images",
        ("initial loss",),
        with_procedure(learn=learn_of_sums),
    ),
    SeededMistake(
        "sorted batches",
        "images come one class after the other, unshuffled",
        ("mixed batches",),
        sort_by_class,
    ),
    SeededMistake(
        "huge weights",
        "weights begin 30 times too large",
        ("initial loss",),
        with_weights(scaled(30)),
    ),
    SeededMistake(
        "tiny weights",
        "weights begin 100 times too small",
        ("activations",),
        with_weights(scaled(0.01)),
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
        with_weights(scaled(10)),
        {"arch": DEEP.format("tanh")},
    ),
    SeededMistake(
        "vanishing sigmoid",
        "a deep sigmoid network with tiny weights",
        ("gradients", "activations"),
        with_weights(scaled(0.02)),
        {"arch": DEEP.format("sigmoid")},
    ),
    SeededMistake(
        "dead units",
        "biases of -10 silence rectified units",
        ("units live",),
        with_weights(sink_biases),
    ),
    SeededMistake(
        "leaked validation", "validation images are learned from", ("disjoint parts",), leak
    ),
    SeededMistake(
        "copies across parts",
        "copies of validation images are learned from",
        ("disjoint parts",),
        copy_across,
    ),
    SeededMistake(
        "unscaled bytes", "inputs run from 0 to 255", ("input range",), fed_with(unscale)
    ),
    SeededMistake(
        "normalized twice",
        "mean and deviation are taken off twice",
        ("input range",),
        fed_with(normalize_again),
    ),
    SeededMistake(
        "constant inputs", "every image is the same", ("input range",), fed_with(filled_with(1.0))
    ),
    SeededMistake(
        "statistics of everything",
        "preprocessing is fitted to validation images as well",
        ("training statistics",),
        fit_to_all,
    ),
    SeededMistake(
        "batch statistics at inference",
        "batch norm uses the batch's moments at inference",
        ("batch independence",),
        with_procedure(infer=infer_as_in_training),
        NORMALIZED,
    ),
    SeededMistake(
        "dropout at inference",
        "neurons are dropped at inference",
        ("batch independence",),
        with_procedure(infer=infer_as_in_training),
        {"arch": "fc-32 + relu + dropout0.5"},
    ),
    SeededMistake(
        "label in the image", "a pixel tells the class", ("shuffled labels",), fed_with(tell_class)
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
        with_procedure(penalize=price_alone),
        {"strength": 1e-2},
    ),
    SeededMistake(
        "rewarded weights",
        "the penalty has the wrong sign",
        ("regularization",),
        with_procedure(penalize=reward),
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
