"""What explains the differences between trials is found, and what does not explains nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.studies import MIXED, UNIT, record, studies, study

from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.importance import importance
from cvtool.tuning.space import Space

RATE, DROPOUT, FILTERS, K, OPTIMIZER = range(5)


def explained(function, trials=40, seed=0):
    """Return what is found in a study of a function of places and random numbers."""
    random = np.random.default_rng(seed)
    records = study(MIXED, trials, lambda places: function(places, random), random)
    return {each.name: each for each in importance(MIXED, records)}


@given(studies(MIXED), st.data())
@settings(max_examples=30)
def test_shares_are_shares_most_first_whoever_finished_first(records, data):
    found = importance(MIXED, records)
    assert importance(MIXED, data.draw(st.permutations(records))) == found
    assert {each.name for each in found} in (set(), set(MIXED.names))
    shares = [each.share for each in found]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= each.share <= 1 and 0 < each.p_value <= 1 for each in found)


@given(studies(MIXED, outcomes=("finished", "diverged")), st.floats(0.1, 10), st.floats(-1, 1))
@settings(max_examples=20)
def test_unit_of_accuracy_does_not_matter(records, factor, offset):
    changed = [replace(each, val_accuracy=factor * each.val_accuracy + offset) for each in records]
    before, after = importance(MIXED, records), importance(MIXED, changed)
    assert {each.name: each.share for each in after} == pytest.approx(
        {each.name: each.share for each in before}, abs=1e-5
    )


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("rate", lambda places, random: -((places[RATE] - 0.4) ** 2) + 0.02 * random.normal()),
        ("dropout", lambda places, random: (places[DROPOUT] < 0.7) + 0.1 * random.normal()),
        ("filters", lambda places, random: places[FILTERS] + 0.1 * random.normal()),
        ("optimizer", lambda places, random: (places[OPTIMIZER] < 0.3) + 0.1 * random.normal()),
    ],
)
def test_what_alone_matters_explains_nearly_all(name, function):
    found = explained(function)
    assert next(iter(found)) == name
    assert found[name].share > 0.6
    assert found[name].p_value == 0.001
    assert all(each.share < 0.2 for each in found.values() if each.name != name)


def test_shares_follow_the_shares_of_variance():
    found = [
        explained(lambda places, _: 2 * places[RATE] + places[DROPOUT], trials=200, seed=seed)
        for seed in range(5)
    ]
    for name, share in (("rate", 0.8), ("dropout", 0.2), ("k", 0.0)):
        assert np.mean([each[name].share for each in found]) == pytest.approx(share, abs=0.06)


def test_chance_is_called_chance_as_often_as_it_should_be():
    values = [
        each.p_value
        for seed in range(60)
        for each in explained(lambda _, random: random.normal(), trials=15, seed=seed).values()
    ]
    assert np.mean(np.array(values) < 0.05) < 0.09
    assert 0.4 < np.mean(values) < 0.6


def test_same_accuracies_everywhere_are_explained_by_nothing():
    found = explained(lambda *_: 0.1)
    assert all((each.share, each.p_value) == (0, 1) for each in found.values())


def test_trials_that_failed_count_and_broken_ones_do_not():
    space = Space((Range("rate", 0.0, 1.0), Choice("optimizer", ("sgd", "adam"))))
    names = ("sgd", "adam")
    records = [record(each, 0.9, rate=each / 40, optimizer=names[each % 2]) for each in range(20)]
    failed = [
        record(each, np.nan, outcome="diverged", rate=each / 40, optimizer=names[each % 2])
        for each in range(20, 40)
    ]
    records[0] = replace(records[0], val_accuracy=0.1)
    found = importance(space, records + failed)
    assert found[0].name == "rate"
    assert found[0].share > 0.7
    broken = [record(each, outcome="broken", rate=0.5, optimizer="sgd") for each in range(40, 60)]
    assert importance(space, records + failed + broken) == found


@pytest.mark.parametrize("trials", [0, 4])
def test_few_trials_say_nothing(trials):
    assert importance(UNIT, study(UNIT, trials, np.sum, np.random.default_rng(0))) == ()


def test_trials_of_which_none_was_measured_say_nothing():
    records = [record(each, np.nan, outcome="diverged", first=0.5, second=0.5) for each in range(9)]
    assert importance(UNIT, records) == ()


def test_of_thousands_of_trials_it_looks_at_some():
    random = np.random.default_rng(0)
    thousands = study(UNIT, 2000, lambda places: places[0], random)
    assert importance(UNIT, thousands)[0].name == "first"


@pytest.mark.peer
def test_order_is_that_of_random_forests():
    ensemble = pytest.importorskip("sklearn.ensemble", reason="the peer is scikit-learn")
    inspection = pytest.importorskip("sklearn.inspection", reason="the peer is scikit-learn")
    space = Space(tuple(Range(name, 0.0, 1.0) for name in ("a", "b", "c")))
    for seed in range(2):
        random = np.random.default_rng(seed)
        weights = dict(zip(random.permutation(["a", "b", "c"]), (1.0, 0.4, 0.0), strict=True))
        factors = np.array([weights[name] for name in space.names])
        records = study(
            space,
            60,
            lambda places, factors=factors: float((factors * np.sin(3 * places)).sum()),
            random,
        )
        settings_tried = np.array([[each.params[name] for name in space.names] for each in records])
        accuracies = np.array([each.val_accuracy for each in records])
        forest = ensemble.RandomForestRegressor(30, random_state=0).fit(settings_tried, accuracies)
        theirs = inspection.permutation_importance(
            forest, settings_tried, accuracies, random_state=0
        )
        order = [space.names[each] for each in np.argsort(-theirs.importances_mean)]
        assert [each.name for each in importance(space, records)][:2] == order[:2]
