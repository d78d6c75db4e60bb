"""Random search beats a grid where one parameter matters and another does not (notes §6.6)."""

import numpy as np

from cvtool.tuning.dimension import Range
from cvtool.tuning.sampling import draw, grid
from cvtool.tuning.space import Space

SPACE = Space((Range("important", 0.0, 1.0), Range("unimportant", 0.0, 1.0)))


def pictured(params, peak):
    """Return the notes' picture: a narrow peak along one parameter, a low hill along the other."""
    along = np.exp(-(((params["important"] - peak) / 0.12) ** 2))
    return along + 0.1 * np.exp(-(((params["unimportant"] - 0.5) / 0.5) ** 2))


def best_of(settings, peak):
    return max(pictured(params, peak) for params in settings)


def test_nine_random_trials_beat_a_grid_of_nine_on_average():
    peaks = np.random.default_rng(0).random(300)
    strict = grid(SPACE, 3)
    assert len(strict) == 9
    random = [[draw(SPACE, seed, 0, number) for number in range(9)] for seed in range(len(peaks))]
    leads = [
        best_of(settings, peak) - best_of(strict, peak)
        for settings, peak in zip(random, peaks, strict=True)
    ]
    assert np.mean(leads) > 3 * np.std(leads) / np.sqrt(len(leads))
    assert len({params["important"] for params in strict}) == 3
    assert all(len({params["important"] for params in settings}) == 9 for settings in random)
