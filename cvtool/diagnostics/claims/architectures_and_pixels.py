"""What the notes say of depth, nonlinearity and the places of pixels (§2.3, §4.2, §5)."""

from dataclasses import replace

import numpy as np

from cvtool.config import TrainConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.embedded.points import SpiralChoices, spiral
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import with_interval
from cvtool.diagnostics.claims.trials import PLAIN, Course, learn, repeated
from cvtool.seeds import stream

ADAM = replace(PLAIN, optimizer="adam", learning_rate=0.01)

EQUAL = 0.03
"""Accuracies closer than this are called the same: 120 images tell no finer difference."""


def linear_fails(bench: Bench) -> Measurement:
    """Learn arms of a spiral that no line parts, with a hidden layer and without."""
    course = _spiral(bench)
    linear, hidden = (_accuracies(course, bench.seed, arch) for arch in ("linear", "fc-32 + relu"))
    measured = with_interval("linear", linear) | with_interval("two layers", hidden)
    measured |= with_interval("gain", np.subtract(hidden, linear).tolist())
    return holds(
        measured["gain low"] > 0.2 and measured["two layers low"] > 0.85,
        measured,
        f"On spiral arms a linear classifier gets {measured['linear']:.0%} right and a two-layer "
        f"network {measured['two layers']:.0%}: at least {measured['gain low']:.0%} more.",
    )


def depth_needs_nonlinearity(bench: Bench) -> Measurement:
    """Learn a spiral with one layer, with three, and with three and ReLU between."""
    course = _spiral(bench)
    archs = ("linear", "fc-32 + fc-32 + fc-3", "fc-32 + relu + fc-32 + relu + fc-3")
    linear, deep, bent = (_accuracies(course, bench.seed, arch) for arch in archs)
    measured = with_interval("gain of depth alone", np.subtract(deep, linear).tolist())
    measured |= with_interval("gain of depth with ReLU", np.subtract(bent, linear).tolist())
    low, high = measured["gain of depth alone low"], measured["gain of depth alone high"]
    return holds(
        measured["gain of depth with ReLU low"] > max(0.2, 5 * high),
        measured,
        f"Two more layers change accuracy on a spiral by {low:+.1%} to {high:+.1%} without a "
        f"nonlinearity, and by "
        f"{measured['gain of depth with ReLU']:+.0%} with ReLU.",
    )


def linear_layers_are_one_matrix(bench: Bench) -> Measurement:
    """Train three linear layers, multiply their matrices, and score images with the product."""
    course = Course.of(bench.dataset, bench.seed)
    config = replace(ADAM, arch=f"fc-32 + fc-32 + fc-{course.classes}", seed=bench.seed, epochs=3)
    network = learn(course, config).network
    images, _ = course.batch(200)
    scores = network.scores(images).astype(np.float64)
    product, bias = np.eye(images[0].size), np.zeros(images[0].size)
    for weights, biases in zip(network.parameters[::2], network.parameters[1::2], strict=True):
        product = product @ weights.values
        bias = bias @ weights.values + biases.values
    one = images.reshape(len(images), -1).astype(np.float64) @ product + bias
    difference = float(np.abs(one - scores).max() / np.abs(scores).max())
    return holds(
        difference < 1e-4,
        {"largest difference over largest score": difference},
        f"The product of three trained matrices gives the scores of the network within "
        f"{difference:.0e} of the largest, which is float32's rounding.",
    )


def permuted_pixels_and_networks(bench: Bench) -> Measurement:
    """Learn images whose pixels are shuffled, all alike, with full connections."""
    changes = _changes_by_permutation(bench, "fc-64 + relu")
    measured = with_interval("change in accuracy", changes)
    low, high = measured["change in accuracy low"], measured["change in accuracy high"]
    return holds(
        max(-low, high) < EQUAL,
        measured,
        f"With all images' pixels in another order, the same for all, a fully-connected network's "
        f"accuracy changes by {low:+.1%} to {high:+.1%}: by less than {EQUAL:.0%}.",
    )


def permuted_pixels_and_cnns(bench: Bench) -> Measurement:
    """Learn images whose pixels are shuffled, all alike, with filters and pooling."""
    changes = _changes_by_permutation(bench, _CNN)
    measured = with_interval("change in accuracy", changes)
    low, high = measured["change in accuracy low"], measured["change in accuracy high"]
    return holds(
        high < 0,
        measured,
        f"With all images' pixels in another order, the same for all, a CNN loses {-high:.0%} to "
        f"{-low:.0%} of the images.",
    )


_CNN = "conv3-16 + relu + maxpool2 + conv3-16 + relu + gap"


def _changes_by_permutation(bench: Bench, arch: str) -> list[float]:
    """Return what pixels in another order do to the accuracy of each of ten trials."""
    config = replace(ADAM, arch=arch, epochs=8)
    pairs = []
    for trial in repeated(config, bench.seed, "permutation", 10):
        permuted = _permuted(bench.dataset, trial.seed)
        courses = [Course.of(each, bench.seed, images=800) for each in (bench.dataset, permuted)]
        pairs.append([learn(course, trial).accuracy for course in courses])
    return [after - before for before, after in pairs]


def _permuted(dataset: Dataset, seed: int) -> Dataset:
    """Move the pixels of all training images to other places, the same for all."""
    images = dataset.train.images
    count, height, width, channels = images.shape
    order = stream(seed, "claims", "pixels").permutation(height * width)
    moved = images.reshape(count, height * width, channels)[:, order].reshape(images.shape)
    return replace(dataset, train=replace(dataset.train, images=moved), validation=None)


def filters_have_fewer_parameters(bench: Bench) -> Measurement:
    """Count what filters, and full connections, learn to give equally many outputs."""
    course = Course.of(bench.dataset, bench.seed, images=200)
    height, width, _ = bench.dataset.image_shape
    filters = _first_layer(course, "conv3-16")
    full = _first_layer(course, f"fc-{16 * height * width}")
    return holds(
        10 * filters < full,
        {"filters": filters, "full connections": full},
        f"For {16 * height * width:,} outputs of these images 16 filters of 3×3 learn {filters:,} "
        f"numbers and full connections {full:,}.",
    )


def _first_layer(course: Course, arch: str) -> int:
    network = course.build(TrainConfig(arch=f"{arch} + relu"))
    return sum(parameter.values.size for parameter in network.parameters[:2])


def _spiral(bench: Bench) -> Course:
    return Course.of(spiral(SpiralChoices(images=800, test_images=0, seed=bench.seed)), bench.seed)


def _accuracies(course: Course, seed: int, arch: str) -> list[float]:
    config = replace(ADAM, arch=arch, learning_rate=0.03, epochs=10, schedule="cosine")
    return [learn(course, trial).accuracy for trial in repeated(config, seed, "spiral", 4)]


CLAIMS = (
    Claim(
        "linear-fails",
        "§4.2",
        "a linear model fails where a two-layer network succeeds",
        linear_fails,
    ),
    Claim(
        "depth-needs-nonlinearity",
        "§4.2",
        "without a nonlinearity depth adds nothing",
        depth_needs_nonlinearity,
    ),
    Claim(
        "linear-layers-are-one-matrix",
        "§4.2",
        "layers without a nonlinearity between are one matrix",
        linear_layers_are_one_matrix,
    ),
    Claim(
        "permuted-pixels-fully-connected",
        "§5",
        "permuted pixels leave a fully-connected network's accuracy",
        permuted_pixels_and_networks,
    ),
    Claim(
        "permuted-pixels-cnn",
        "§5",
        "permuted pixels take a CNN's accuracy",
        permuted_pixels_and_cnns,
    ),
    Claim(
        "filters-have-fewer-parameters",
        "§5.1",
        "convolutions have far fewer parameters than full connections",
        filters_have_fewer_parameters,
    ),
)
