"""A narrowed space is part of the old one, and nearly always keeps what was sought."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reference.studies import MIXED, UNIT, record, spaces, studies, study, valley

from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.narrowing import narrowed
from cvtool.tuning.ranking import ranked
from cvtool.tuning.space import Space


@given(spaces(), st.data())
def test_what_is_left_is_part_of_what_was_and_keeps_the_best(space, data):
    records = data.draw(studies(space))
    new = narrowed(space, records)
    assert new.names == space.names
    for before, after in zip(space, new, strict=True):
        if isinstance(before, Range):
            assert before.low <= after.low < after.high <= before.high
            assert replace(after, low=before.low, high=before.high) == before
        else:
            assert after.values
            assert set(after.values) <= set(before.values)
    for each in ranked(records)[:1]:
        for after in new:
            value = each.params[after.name]
            held = after.low <= value <= after.high if isinstance(after, Range) else None
            assert held if isinstance(after, Range) else value in after.values


@given(studies(MIXED), st.data())
def test_neither_the_order_of_trials_nor_the_scale_of_accuracy_matters(records, data):
    new = narrowed(MIXED, records)
    assert narrowed(MIXED, data.draw(st.permutations(records))) == new
    squared = [replace(each, val_accuracy=each.val_accuracy**3 / 2) for each in records]
    assert narrowed(MIXED, squared) == new


@given(studies(MIXED, outcomes=("diverged", "stopped early", "broken")))
def test_without_a_finished_trial_nothing_is_narrowed(records):
    assert narrowed(MIXED, records) == MIXED


@given(studies(MIXED, outcomes=("finished",)))
def test_where_all_are_equal_no_value_is_given_up_that_was_tried(records):
    assume(records)
    level = [replace(each, val_accuracy=0.5, val_loss=np.nan) for each in records]
    new = narrowed(MIXED, level)
    for each in level:
        for dimension in new:
            if isinstance(dimension, Range):
                assert dimension.low <= each.params[dimension.name] <= dimension.high
            else:
                assert each.params[dimension.name] in dimension.values


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("value", [1, 3, 4])
def test_whole_numbers_keep_the_neighbors_of_what_survived(value, log):
    space = Space((Range("n", 1, 4, log=log, whole=True),))
    new = narrowed(space, [record(each, n=value) for each in range(20)])["n"]
    assert new.low <= max(value - 1, 1)
    assert new.high >= min(value + 1, 4)


def test_range_is_narrowed_to_the_best_and_a_margin():
    space = Space((Range("rate", 1e-5, 1e-1, log=True),))
    rates = np.geomspace(1e-5, 1e-1, 41)
    records = [
        record(number, -abs(np.log10(rate) + 2), rate=float(rate))
        for number, rate in enumerate(rates)
    ]
    new = narrowed(space, records)["rate"]
    # The best eleven of 41 are within half a decade of 0.01; the margin is half a decade as well.
    assert new.low == pytest.approx(1e-3, rel=0.01)
    assert new.high == pytest.approx(1e-1, rel=0.01)


def test_choice_gives_up_what_often_failed_and_keeps_what_was_hardly_tried():
    space = Space((Choice("optimizer", ("sgd", "adam", "nesterov", "rmsprop")),))
    records = [record(each, 0.9, optimizer="adam") for each in range(12)]
    records += [record(each, 0.1, optimizer="sgd") for each in range(12, 24)]
    records += [record(24, 0.1, optimizer="nesterov")]
    assert narrowed(space, records)["optimizer"].values == ("adam", "nesterov", "rmsprop")
    lost = [record(each, outcome="diverged", optimizer="rmsprop") for each in range(25, 37)]
    assert narrowed(space, records + lost)["optimizer"].values == ("adam", "nesterov")


@pytest.mark.parametrize("noise", [0.03, 0.2])
@pytest.mark.parametrize("trials", [20, 30])
def test_optimum_is_kept_in_nearly_all_noisy_studies(trials, noise):
    random = np.random.default_rng(0)
    kept, widths = [], []
    for _ in range(150):
        optimum = random.random(2)
        function = valley((1, 0.3), optimum, noise, random)
        new = narrowed(UNIT, study(UNIT, trials, function, random))
        kept += [each.low <= best <= each.high for each, best in zip(new, optimum, strict=True)]
        widths.append(new["first"].high - new["first"].low)
    assert np.mean(kept) > 0.95
    assert np.mean(widths) < (0.65 if noise < 0.1 else 0.8)
