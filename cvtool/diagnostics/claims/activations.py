"""What the notes say of sigmoid, tanh, ReLU and those that do not die (§6.1)."""

from dataclasses import replace

import numpy as np

from cvtool.config import TrainConfig
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import with_interval
from cvtool.diagnostics.claims.trials import (
    PLAIN,
    Course,
    learn,
    repeated,
    steps_at_best_rate,
)
from cvtool.layers.activations import ReLU
from cvtool.models.network import Network
from cvtool.seeds import stream


def relu_faster_than_sigmoid(bench: Bench) -> Measurement:
    """Count the steps until the loss is half of where it starts, for ReLU and sigmoid."""
    return _relu_faster_than("sigmoid", bench)


def relu_faster_than_tanh(bench: Bench) -> Measurement:
    """Count the steps until the loss is half of where it starts, for ReLU and tanh."""
    return _relu_faster_than("tanh", bench)


def _relu_faster_than(other: str, bench: Bench) -> Measurement:
    course = Course.of(bench.dataset, bench.seed)
    relu, slower = (
        steps_at_best_rate(
            course,
            repeated(replace(PLAIN, arch=f"(fc-32 + {each})*3"), bench.seed, "activations", 6),
            share=0.5,
        )
        for each in ("relu", other)
    )
    steps = {"ReLU steps": float(np.mean(relu)), f"{other} steps": float(np.mean(slower))}
    saved = with_interval("steps saved", np.subtract(slower, relu).tolist())
    low, high = saved["steps saved low"], saved["steps saved high"]
    return holds(
        low > 0,
        steps | saved,
        f"To halve the loss ReLU takes {steps['ReLU steps']:.0f} steps and {other} "
        f"{steps[f'{other} steps']:.0f}, each at its best rate: ReLU saves {low:.0f} to "
        f"{high:.0f}.",
    )


def sigmoid_gradients_share_a_sign(bench: Bench) -> Measurement:
    """Look at the gradients of each neuron behind a sigmoid, and a tanh, for single images."""
    course = Course.of(bench.dataset, bench.seed, images=200)
    sigmoid, tanh = (_same_signs(course, bench.seed, each) for each in ("sigmoid", "tanh"))
    return holds(
        sigmoid == 1 and tanh < 0.5,
        {"behind sigmoid": sigmoid, "behind tanh": tanh},
        f"The weights of a neuron behind sigmoids get gradients of one sign for {sigmoid:.1%} of "
        f"single images, behind tanh for {tanh:.1%}.",
    )


def _same_signs(course: Course, seed: int, activation: str) -> float:
    """Return for what share of images and second-layer neurons all gradients agree in sign."""
    config = replace(PLAIN, arch=f"(fc-32 + {activation})*2", seed=seed)
    network = course.build(config)
    second = network.parameters[2]
    shares = []
    for at in range(40):
        network.learn(*course.batch(1, at))
        signs = np.sign(second.gradient[:, np.any(second.gradient, axis=0)])
        shares.append(np.mean(np.abs(signs.sum(axis=0)) == len(signs)))
    return float(np.mean(shares))


def sigmoid_gradients_vanish(bench: Bench) -> Measurement:
    """Compare the gradients of the first and the last hidden layer of ten, at Xavier's weights."""
    course = Course.of(bench.dataset, bench.seed, images=200)
    measured: dict[str, float] = {}
    for activation in ("relu", "tanh", "sigmoid"):
        config = replace(PLAIN, arch=f"(fc-64 + {activation})*10")
        init = "he" if activation == "relu" else "xavier"
        trials = repeated(replace(config, init=init), bench.seed, "vanishing", 8)
        measured |= with_interval(
            f"{activation} log10 ratio", [_fall(course, each) for each in trials]
        )
    sigmoid, relu = measured["sigmoid log10 ratio"], measured["relu log10 ratio"]
    return holds(
        measured["sigmoid log10 ratio high"] < -3 and measured["relu log10 ratio low"] > -1,
        measured,
        f"From the last to the first of ten hidden layers gradients change by a factor of "
        f"10^{sigmoid:.1f} through sigmoids and of 10^{relu:.1f} through ReLUs.",
    )


def _fall(course: Course, trial: TrainConfig) -> float:
    """Return log10 of the size of the first hidden layer's gradients over the last one's."""
    network = course.build(trial)
    network.learn(*course.batch(100))
    first, last = (network.parameters[at].gradient for at in (2, -4))
    return float(np.log10(np.sqrt(np.mean(first**2)) / np.sqrt(np.mean(last**2))))


def fallen_units_stay(bench: Bench) -> Measurement:
    """Push all hidden units below zero, train on, and count those that no step ever changed."""
    course = Course.of(bench.dataset, bench.seed)
    measured = {
        f"{activation} unchanged": _unchanged(course, bench.seed, activation)
        for activation in ("relu", "leaky-relu", "elu")
    }
    relu, leaky, elu = measured.values()
    return holds(
        relu == 1 and leaky == elu == 0,
        measured,
        f"Of 64 units that are negative for every image, training changes the weights of "
        f"{1 - relu:.0%} with ReLU, of {1 - leaky:.0%} with leaky ReLU and of {1 - elu:.0%} with "
        f"ELU.",
    )


def _unchanged(course: Course, seed: int, activation: str) -> float:
    """Return the share of hidden units whose weights are the same bits after training."""
    config = replace(PLAIN, arch=f"fc-64 + {activation}", seed=seed, learning_rate=0.1)
    network = course.build(config)
    weights, bias = (parameter.values for parameter in network.parameters[:2])
    images, _ = course.batch(len(course.split.train))
    sums = images.reshape(len(images), -1) @ weights
    bias[...] = -1 - sums.max(axis=0)  # just below zero for the image that comes closest
    before = weights.copy()
    learn(course, config, network)
    return float(np.mean(np.all(weights == before, axis=0)))


def large_steps_kill(bench: Bench) -> Measurement:
    """Learn at a rate that is far too large, and count hidden units that pass no gradient on."""
    course = Course.of(bench.dataset, bench.seed)
    measured: dict[str, float] = {}
    for activation in ("relu", "leaky-relu", "elu"):
        config = replace(PLAIN, arch=f"fc-64 + {activation}", learning_rate=2.0, epochs=2)
        trials = repeated(config, bench.seed, "too large", 6)
        shares = [_without_gradient(course, learn(course, each).network) for each in trials]
        measured |= with_interval(f"{activation} dead", shares)
    relu, leaky, elu = (measured[f"{name} dead"] for name in ("relu", "leaky-relu", "elu"))
    return holds(
        measured["relu dead low"] > 0.5 and measured["leaky-relu dead high"] < 0.01,
        measured,
        f"After two epochs at a rate of 2, {relu:.0%} of ReLU units have no gradient for any "
        f"training image, of leaky ones {leaky:.0%} and of ELU {elu:.0%}.",
    )


def _without_gradient(course: Course, network: Network) -> float:
    """Return the share of hidden units whose weights get no gradient from any training image."""
    network.learn(*course.batch(len(course.split.train)))
    return float(np.mean(~np.any(network.parameters[0].gradient, axis=0)))


def relu_derivative_is_0_or_1(bench: Bench) -> Measurement:
    """Send a gradient of one back through a rectifier."""
    inputs = stream(bench.seed, "claims", "rectifier").normal(0, 100, (1, 10_000))
    layer = ReLU()
    layer.bind(inputs.shape[1:])
    outputs = layer.forward(inputs, training=True)
    derivative = layer.backward(np.ones_like(outputs))
    right = float(np.mean(derivative == (inputs > 0)))
    return holds(
        right == 1,
        {"inputs with derivative 0 below zero and 1 above": right},
        f"The derivative is 0 below zero and 1 above for {right:.0%} of 10,000 inputs.",
    )


def positive_bias_yields_little(bench: Bench) -> Measurement:
    """Learn the same with biases that begin at 0 and at 0.1."""
    course = Course.of(bench.dataset, bench.seed)
    config = replace(PLAIN, arch="(fc-32 + relu)*2", learning_rate=0.1, epochs=5)
    gains = []
    for trial in repeated(config, bench.seed, "bias", 12):
        biased = course.build(trial)
        for parameter in biased.parameters[:-2]:
            if not parameter.regularized:
                parameter.values[...] = 0.1
        gains.append(learn(course, trial, biased).accuracy - learn(course, trial).accuracy)
    measured = with_interval("gain in accuracy", gains)
    low, high = measured["gain in accuracy low"], measured["gain in accuracy high"]
    return holds(
        high < 0.02,
        measured,
        f"Biases of 0.1 instead of 0 change accuracy by {low:+.1%} to {high:+.1%}: not by 2 %.",
    )


CLAIMS = (
    Claim(
        "relu-faster-than-sigmoid",
        "§6.1.3",
        "networks with ReLU converge faster than with sigmoid",
        relu_faster_than_sigmoid,
    ),
    Claim(
        "relu-faster-than-tanh",
        "§6.1.3",
        "networks with ReLU converge faster than with tanh",
        relu_faster_than_tanh,
    ),
    Claim(
        "sigmoid-gradients-one-sign",
        "§6.1.1",
        "behind sigmoids all gradients of a neuron's weights have one sign",
        sigmoid_gradients_share_a_sign,
    ),
    Claim(
        "sigmoid-gradients-vanish",
        "§6.1.1, §6.1.3",
        "gradients vanish through many sigmoids and not through ReLUs",
        sigmoid_gradients_vanish,
    ),
    Claim(
        "dead-relu-stays-dead",
        "§6.1.3, §6.1.4",
        "a ReLU below zero for every image never updates; leaky ReLU and ELU do",
        fallen_units_stay,
    ),
    Claim(
        "large-steps-kill-relu",
        "§6.1.3, §6.1.4",
        "a bad update leaves ReLUs dead, and no leaky ones",
        large_steps_kill,
    ),
    Claim(
        "relu-derivative",
        "§6.1.3",
        "the derivative of ReLU is 1 above zero and 0 below",
        relu_derivative_is_0_or_1,
    ),
    Claim(
        "positive-bias",
        "§6.1.3",
        "small positive biases for ReLU yield little benefit",
        positive_bias_yields_little,
    ),
)
