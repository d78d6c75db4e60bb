"""Words become flips and shifts, drawn evenly within their bounds."""

import numpy as np
import pytest

from cvtool.datasets.augmentation import Augmentation
from cvtool.errors import UsageError


@pytest.mark.parametrize(
    ("text", "flip", "shift"),
    [
        ("none", False, False),
        ("flip", True, False),
        ("shift", False, True),
        ("flip,shift", True, True),
        (" shift, flip ", True, True),
    ],
)
def test_words_are_understood(text, flip, shift):
    assert Augmentation.parse(text) == Augmentation(flip=flip, shift=shift)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flipp", "did you mean 'flip'"),
        ("rotate", "take none, flip or shift"),
        ("flip,", "does not know ''"),
        ("none,flip", "asks for none and for more"),
    ],
)
def test_other_words_are_told(text, words):
    with pytest.raises(UsageError, match=words):
        Augmentation.parse(text)


def test_flips_and_shifts_are_even_and_within_reach():
    augmentation = Augmentation(flip=True, shift=True)
    flips, shifts = augmentation.draw(4000, np.random.default_rng(0), (32, 7, 3))
    assert 0.45 < flips.mean() < 0.55
    assert sorted(set(shifts[:, 0])) == list(range(-4, 5))
    assert sorted(set(shifts[:, 1])) == [-1, 0, 1]
    assert np.bincount(shifts[:, 0] + 4).min() > 4000 / 9 * 0.8


def test_what_is_not_asked_for_does_not_happen():
    random = np.random.default_rng(0)
    assert not Augmentation(shift=True).draw(50, random, (8, 8, 1))[0].any()
    assert not Augmentation(flip=True).draw(50, random, (8, 8, 1))[1].any()
