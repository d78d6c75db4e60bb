"""The best trials of a search over- or underfit, or do neither."""

from dataclasses import replace
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.studies import record

from cvtool.config import KnnConfig, LinearConfig, TrainConfig
from cvtool.diagnostics.best_trials import fitting


def judge(*accuracies, model=None):
    """Judge trials with these accuracies in training and validation."""
    best = [
        replace(record(number, val, rate=0.1), train_accuracy=train)
        for number, (train, val) in enumerate(accuracies)
    ]
    return fitting(best, model or TrainConfig())


@pytest.mark.parametrize(
    ("train", "val", "words"),
    [
        (0.99, 0.80, "they overfit"),
        (0.85, 0.80, "neither over- nor underfit"),
        (0.80, 0.80, "they underfit"),
        (0.96, 0.96, "neither over- nor underfit"),
        (0.112, 0.10, "they underfit"),
        (0.45, 0.20, "they overfit"),
    ],
)
@pytest.mark.parametrize("model", [TrainConfig(), LinearConfig()])
def test_the_gap_decides_unless_most_is_wrong_in_training(train, val, words, model):
    verdict = judge((train, val), model=model)
    assert words in verdict.message
    assert verdict.ok == words.startswith("neither")
    assert verdict.value == pytest.approx(train - val)
    assert f"{train:.1%} right in training, {val:.1%} in validation" in verdict.message


@pytest.mark.parametrize(
    ("model", "advice"),
    [
        (TrainConfig(), 'dropout=0.2..0.8", with --augment shift'),
        (TrainConfig(augment="flip"), 'dropout=0.2..0.8"'),
        (TrainConfig(features="hog"), 'dropout=0.2..0.8"'),
        (LinearConfig(), 'search stronger penalties next, as --search "strength=1e-3..10 log"'),
    ],
)
def test_what_to_search_against_overfitting(model, advice):
    assert judge((0.99, 0.7), model=model).message.endswith(advice)


@pytest.mark.parametrize(
    ("model", "advice"),
    [
        (TrainConfig(epochs=7), "or train longer, as --epochs 14"),
        (LinearConfig(), "or --model cnn: one matrix has no room for more"),
    ],
)
def test_what_to_search_against_underfitting(model, advice):
    assert judge((0.6, 0.6), model=model).message.endswith(advice)


def test_nothing_is_said_where_nothing_is_learned():
    assert judge() is None
    assert judge((0.9, 0.9), model=KnnConfig()) is None
    assert judge((nan, 0.9)) is None


def test_one_odd_trial_changes_nothing():
    good = [(0.9, 0.87)] * 4
    assert judge(*good, (1.0, 0.1)) == judge(*good)


share = st.floats(0, 1)


@settings(max_examples=30)
@given(st.lists(st.tuples(share, share), min_size=1, max_size=6), st.randoms())
def test_it_does_not_matter_which_comes_first(accuracies, random):
    mixed = random.sample(accuracies, len(accuracies))
    assert judge(*mixed) == judge(*accuracies)
