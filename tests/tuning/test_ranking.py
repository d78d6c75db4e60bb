"""The best of trials, and of settings learned with several seeds."""

from statistics import mean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.studies import MIXED, record, studies

from cvtool.tuning.ranking import best, candidates, ranked, top


@given(studies(MIXED), st.data())
def test_order_is_total_and_the_same_whoever_finished_first(records, data):
    shuffled = data.draw(st.permutations(records))
    order = ranked(records)
    assert ranked(shuffled) == order
    assert ranked(order) == order
    assert len(order) == sum(each.outcome == "finished" for each in records)
    accuracies = [each.val_accuracy for each in order]
    assert accuracies == sorted(accuracies, reverse=True)


def test_lower_loss_then_the_earlier_trial_decides_between_equals():
    records = [
        record(3, 0.9, np.nan),
        record(2, 0.9, 0.5),
        record(0, 0.9, 0.5, stage=1),
        record(1, 0.9, 0.4),
        record(4, 0.8, 0.1),
        record(5, 0.95, 3.0),
    ]
    order = [(each.stage, each.number) for each in ranked(records)]
    assert order == [(0, 5), (0, 1), (0, 2), (1, 0), (0, 3), (0, 4)]


def test_only_trials_that_came_to_their_end_are_ranked():
    lost = [record(0, 0.99, outcome=each) for each in ("diverged", "stopped early", "broken")]
    assert ranked([*lost, record(1, np.nan)]) == []


@given(studies(MIXED), st.integers(1, 30))
def test_nothing_left_out_of_the_best_is_as_good_as_them(records, count):
    chosen = best(records, count)
    order = ranked(records)
    assert chosen == order[: len(chosen)]
    assert len(chosen) >= min(count, len(order))
    for other in order[len(chosen) :]:
        assert (other.val_accuracy, -other.val_loss) != (
            chosen[-1].val_accuracy,
            -chosen[-1].val_loss,
        )


@given(studies(MIXED), st.integers(1, 10))
def test_top_names_each_settings_once(records, count):
    chosen = top(records, count)
    settings = [each.params for each in chosen]
    assert all(settings.count(each) == 1 for each in settings)
    different = []
    for each in ranked(records):
        if each.params not in different:
            different.append(each.params)
    assert settings == different[:count]


def test_candidates_tell_mean_deviation_and_each_value():
    repeats = [
        record(0, 0.80, seed=1, rate=0.1),
        record(1, 0.90, seed=1, rate=0.2),
        record(2, 0.84, seed=2, rate=0.1),
        record(3, 0.91, seed=2, rate=0.2),
        record(4, 0.70, seed=1, rate=0.3),
    ]
    first, second, third = candidates(repeats)
    assert first.params == {"rate": 0.2}
    assert first.val_accuracies == (0.90, 0.91)
    assert second.val_accuracy == pytest.approx(0.82)
    assert second.std == pytest.approx(stdev([0.80, 0.84]))
    assert (third.val_accuracy, third.std) == (0.70, 0.0)


def test_loss_then_order_decides_between_candidates_of_equal_accuracy():
    repeats = [
        record(0, 0.9, 0.5, rate=0.1),
        record(1, 0.9, 0.5, rate=0.2),
        record(2, 0.9, 0.4, rate=0.3),
    ]
    assert [each.params["rate"] for each in candidates(repeats)] == [0.3, 0.1, 0.2]


def test_settings_that_fail_with_some_seed_come_after_those_that_never_do():
    repeats = [
        record(0, 0.95, rate=0.1),
        record(1, outcome="diverged", rate=0.1),
        record(2, 0.90, rate=0.2),
        record(3, outcome="broken", rate=0.2),
        record(4, outcome="diverged", rate=0.3),
    ]
    reliable, lucky = candidates(repeats)
    assert reliable.params == {"rate": 0.2}
    assert lucky.val_accuracies == (0.95,)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1)), max_size=20), st.data())
def test_candidates_are_the_same_whoever_finished_first(values, data):
    repeats = [record(each, value, rate=rate) for each, (rate, value) in enumerate(values)]
    found = candidates(repeats)
    assert candidates(data.draw(st.permutations(repeats))) == found
    assert sum(len(each.val_accuracies) for each in found) == len(repeats)
    for each in found:
        assert each.val_accuracy == pytest.approx(mean(each.val_accuracies))
