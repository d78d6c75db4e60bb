"""What the notes say of how weights start (§6.3)."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.samples import with_interval
from cvtool.diagnostics.claims.trials import PLAIN, Course, learn, repeated
from cvtool.layers.activations import Activation
from cvtool.layers.base import Array

DEPTH = 10
WIDTH = 128
SATURATED = {"tanh": 0.99, "sigmoid": 0.495}
"""How far outputs are from the middle of their range that lie within 1 % of its ends."""


def zeros_keep_neurons_equal(bench: Bench) -> Measurement:
    """Train from zero, and from random weights; count neurons that differ."""
    return _stay_alike(bench, "zero")


def constants_keep_neurons_equal(bench: Bench) -> Measurement:
    """Train from 0.01 everywhere, and from random weights; count neurons that differ."""
    return _stay_alike(bench, "constant")


def _stay_alike(bench: Bench, init: str) -> Measurement:
    course = Course.of(bench.dataset, bench.seed)
    alike, random = (_distinct_neurons(course, bench.seed, each) for each in (init, "xavier"))
    return holds(
        alike == 1 and random == 32,
        {f"distinct neurons from {init}": alike, "distinct neurons from random weights": random},
        f"After five epochs the 32 hidden neurons are {alike} in truth if all weights start "
        f"from one number ({init}), and {random} if they start from random ones.",
    )


def _distinct_neurons(course: Course, seed: int, init: str) -> int:
    """Count columns of the first weights that are not the same up to rounding."""
    config = replace(PLAIN, arch="fc-32 + tanh", init=init, seed=seed, learning_rate=0.1)
    weights = learn(course, config).network.parameters[0].values
    scale = float(np.abs(weights).max()) or 1.0
    return len(np.unique(np.round(weights / scale, 4), axis=1).T)


def tanh_variance(bench: Bench) -> Measurement:
    """Send images through ten layers of tanh at 1/√N, a hundredth and ten times that."""
    return _saturating(bench, "tanh", "xavier", "1/√N")


def sigmoid_variance(bench: Bench) -> Measurement:
    """Send images through ten layers of sigmoid at √12.8/√N, a hundredth and ten times that."""
    return _saturating(bench, "sigmoid", "sigmoid", "√12.8/√N")


def _saturating(bench: Bench, activation: str, init: str, written: str) -> Measurement:
    """Hold the right weights against such as are a hundred times smaller and ten times larger."""
    layers = {
        word: _tenth_layers(bench, activation, init, times)
        for word, times in (("right", 1.0), ("small", 0.01), ("large", 10.0))
    }
    measured: dict[str, float] = {}
    for word, outputs in layers.items():
        saturated = [_saturation(each, activation) for each in outputs]
        measured |= with_interval(f"{word} deviation", [float(each.std()) for each in outputs])
        measured |= with_interval(f"{word} saturated", saturated)
    right, small = measured["right deviation"], measured["small deviation"]
    return holds(
        measured["right deviation low"] > 10 * measured["small deviation high"]
        and measured["right saturated high"] < 0.1
        and measured["large saturated low"] > 0.5,
        measured,
        f"Behind ten layers of {activation} outputs deviate by {right:.2g} at {written} and by "
        f"{small:.2g} at a hundredth of it; {measured['right saturated']:.0%} are within 1 % of "
        f"the ends of the range, and {measured['large saturated']:.0%} at ten times it.",
    )


def relu_variance(bench: Bench) -> Measurement:
    """Send images through ten layers of ReLU at √(2/N), a tenth and ten times that."""
    measured: dict[str, float] = {}
    for word, times in (("right", 1.0), ("small", 0.1), ("large", 10.0)):
        measured |= with_interval(f"{word} log10 growth", _growth(bench, "relu", "he", times))
    right, small, large = (measured[f"{word} log10 growth"] for word in ("right", "small", "large"))
    return holds(
        max(abs(measured["right log10 growth low"]), abs(measured["right log10 growth high"])) < 1
        and measured["small log10 growth high"] < -5
        and measured["large log10 growth low"] > 5,
        measured,
        f"From the first to the tenth ReLU activations change by a factor of 10^{right:.1f} at "
        f"√(2/N), of 10^{small:.1f} at a tenth of it and of 10^{large:.1f} at ten times it.",
    )


def listed_he_explodes(bench: Bench) -> Measurement:
    """Send images through ReLUs at the listed 2/√N as a deviation, and as a variance."""
    deviation = _growth(bench, "relu", "he", sqrt(2))
    variance = _growth(bench, "relu", "he", WIDTH**0.25)
    right = _growth(bench, "relu", "he", 1.0)
    measured = (
        with_interval("√(2/N) log10 growth", right)
        | with_interval("deviation 2/√N log10 growth", deviation)
        | with_interval("variance 2/√N log10 growth", variance)
    )
    keeps = max(abs(each) for each in with_interval("", right).values()) < 1
    listed = ("deviation 2/√N log10 growth", "variance 2/√N log10 growth")
    explode = all(measured[f"{each} low"] > 1 for each in listed)
    return _erring(
        keeps and explode,
        measured,
        f"Over nine layers of ReLU activations grow by 10^{measured[listed[0]]:.1f} where 2/√N is "
        f"the deviation, by 10^{measured[listed[1]]:.1f} where it is the variance and by "
        f"10^{measured['√(2/N) log10 growth']:.1f} where the variance is 2/N: that was meant.",
    )


def listed_xavier_saturates(bench: Bench) -> Measurement:
    """Send images through tanh with the listed 1/√N as the variance, and as the deviation."""
    meant, listed = (
        [_saturation(each, "tanh") for each in _tenth_layers(bench, "tanh", "xavier", times)]
        for times in (1.0, WIDTH**0.25)
    )
    measured = with_interval("deviation 1/√N saturated", meant)
    measured |= with_interval("variance 1/√N saturated", listed)
    low, high = measured["variance 1/√N saturated low"], measured["deviation 1/√N saturated high"]
    return _erring(
        low > 0.2 and high < 0.1,
        measured,
        f"With the listed 1/√N as the variance of {WIDTH} weights at least {low:.0%} of tanh "
        f"outputs are within 1 % of ±1 behind ten layers, as the deviation at most {high:.0%}: "
        f"the latter was meant.",
    )


def _erring(is_wrong: bool, measured: dict[str, float], message: str) -> Measurement:
    """Say that numbers contradict what the notes list, or that they bear it out."""
    return Measurement(measured, "the notes are in error" if is_wrong else "holds", message)


def _tenth_layers(bench: Bench, activation: str, init: str, times: float) -> list[Array]:
    return [outputs[-1] for outputs in _activations(bench, activation, init, times)]


def _growth(bench: Bench, activation: str, init: str, times: float) -> list[float]:
    """Return log10 of the size of the last layer's outputs over that of the first one's."""
    return [
        float(np.log10(_size(outputs[-1]) / _size(outputs[0])))
        for outputs in _activations(bench, activation, init, times)
    ]


def _activations(bench: Bench, activation: str, init: str, times: float) -> Sequence[list[Array]]:
    """Return what each activation of five networks gives for a hundred images."""
    course = Course.of(bench.dataset, bench.seed, images=200)
    images, _ = course.batch(100)
    arch = f"(fc-{WIDTH} + {activation})*{DEPTH}"
    trials = repeated(replace(PLAIN, arch=arch, init=init), bench.seed, "initialization", 5)
    networks = [course.build(trial, weights_times=times) for trial in trials]
    return [
        [
            outputs.astype(np.float64)
            for layer, outputs in network.outputs(images)
            if isinstance(layer, Activation)
        ]
        for network in networks
    ]


def _size(outputs: Array) -> float:
    return float(np.sqrt(np.mean(outputs**2)))


def _saturation(outputs: Array, activation: str) -> float:
    middle = 0.5 if activation == "sigmoid" else 0.0
    return float(np.mean(np.abs(outputs - middle) > SATURATED[activation]))


CLAIMS = (
    Claim(
        "zero-initialization",
        "§6.3",
        "weights that start from zero keep all neurons of a layer equal",
        zeros_keep_neurons_equal,
    ),
    Claim(
        "constant-initialization",
        "§6.3",
        "weights that all start from one value, whatever it is, do the same",
        constants_keep_neurons_equal,
    ),
    Claim(
        "variance-for-tanh",
        "§6.3",
        "the right variance keeps tanh in its range; others saturate or vanish",
        tanh_variance,
    ),
    Claim(
        "variance-for-sigmoid",
        "§6.3",
        "the right variance keeps sigmoids apart; others saturate or become uniform",
        sigmoid_variance,
    ),
    Claim(
        "variance-for-relu",
        "§6.3",
        "the right variance keeps the scale of ReLUs; others explode or vanish",
        relu_variance,
    ),
    Claim(
        "listed-variance-for-relu",
        "§6.3",
        "the ideal variance for ReLU is 2/√N",
        listed_he_explodes,
    ),
    Claim(
        "listed-variance-for-tanh",
        "§6.3",
        "the ideal variance for tanh is 1/√N",
        listed_xavier_saturates,
    ),
)
