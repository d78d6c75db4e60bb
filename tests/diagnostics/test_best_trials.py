"""The best trials of a search overfit, underfit, or neither; silence where there is none."""

from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.config import KnnConfig, LinearConfig, TrainConfig
from cvtool.diagnostics.best_trials import fitting
from cvtool.records import TrialRecord


def trials(*accuracies):
    """Trials with these accuracies in training and validation."""
    return [
        TrialRecord(
            1, number, {}, 2, 0, "finished", train_accuracy=train, val_accuracy=val, best_epoch=2
        )
        for number, (train, val) in enumerate(accuracies)
    ]


def judge(*accuracies, model=None):
    return fitting(trials(*accuracies), model or TrainConfig())


@pytest.mark.parametrize(
    ("train", "val", "ok", "word"),
    [
        (0.99, 0.7, False, "they overfit"),
        (0.99, 0.97, True, "neither over- nor underfit"),
        (0.85, 0.8, True, "neither over- nor underfit"),
        (0.97, 0.97, True, "neither over- nor underfit"),  # there is little left to learn
        (0.6, 0.6, False, "they underfit"),
        (0.5, 0.6, False, "they underfit"),
    ],
)
def test_every_verdict(train, val, ok, word):
    verdict = judge((train, val))
    assert (verdict.ok, word in verdict.message) == (ok, True)
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


def test_nothing_is_said_where_there_is_nothing_to_judge():
    assert judge() is None
    assert judge((nan, 0.9), model=KnnConfig()) is None
    assert judge((nan, 0.9)) is None


def test_one_odd_trial_changes_nothing():
    good = [(0.9, 0.87)] * 4
    assert judge(*good, (1.0, 0.1)) == judge(*good)


share = st.floats(0, 1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(share, share), min_size=1, max_size=6), st.randoms())
def test_it_does_not_matter_which_comes_first(accuracies, random):
    mixed = random.sample(accuracies, len(accuracies))
    assert judge(*mixed) == judge(*accuracies)


@settings(max_examples=30, deadline=None)
@given(share, share, st.sampled_from([TrainConfig(), LinearConfig()]))
def test_a_wider_gap_is_never_less_overfit(train, val, model):
    verdict, wider = judge((train, val), model=model), judge((1.0, val), model=model)
    if "overfit," in verdict.message:
        assert "overfit," in wider.message
    assert verdict.ok == ("neither" in verdict.message)
