"""Weights start with the spread that the notes' sources ask for."""

from math import sqrt

import numpy as np
import pytest

from cvtool.config import INITIALIZATIONS
from cvtool.layers.initialization import INITIALIZERS, initializer_for
from cvtool.seeds import stream

SPREADS = {
    "zero": 0.0,
    "constant": 0.0,
    "normal": 0.01,
    "xavier": 1 / sqrt(288),
    "he": sqrt(2 / 288),
    "sigmoid": sqrt(12.8) / sqrt(288),
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_spread_is_as_published(name):
    weights = INITIALIZERS[name]((3, 3, 32, 64), 288, stream(0, "weights"))
    assert weights.shape == (3, 3, 32, 64)
    assert weights.dtype == np.float64
    assert weights.std() == pytest.approx(SPREADS[name], rel=0.02, abs=1e-12)
    expected = 0.01 if name == "constant" else 0
    assert weights.mean() == pytest.approx(expected, abs=4 * SPREADS[name] / sqrt(weights.size))


def test_he_keeps_the_size_of_signals_through_many_rectified_layers():
    signals = stream(0, "signals").normal(size=(100, 400))
    for layer in range(20):
        weights = INITIALIZERS["he"]((400, 400), 400, stream(0, "weights", layer))
        signals = np.maximum(signals @ weights, 0)
    assert 0.3 < np.sqrt((signals**2).mean()) < 3


def test_every_choice_is_known():
    assert set(INITIALIZATIONS) == {"auto", *INITIALIZERS}


@pytest.mark.parametrize(
    ("activation", "name"),
    [
        ("relu", "he"),
        ("leaky-relu0.1", "he"),
        ("prelu", "he"),
        ("elu0.5", "he"),
        ("maxout2", "he"),
        ("tanh", "xavier"),
        ("sigmoid", "sigmoid"),
        ("", "xavier"),
        ("maxpool2", "xavier"),
    ],
)
def test_initializers_follow_the_activation(activation, name):
    assert initializer_for(activation) == name
