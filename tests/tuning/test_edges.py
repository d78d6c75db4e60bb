"""Best values that crowd an edge are seen, and the search goes on beyond it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.studies import MIXED, UNIT, record, spaces, studies, study, valley

from cvtool.tuning.dimension import Range
from cvtool.tuning.edges import SIDES, Crowding, crowded, extended, message
from cvtool.tuning.ranking import ranked
from cvtool.tuning.space import Space

STUDIES = 200


def alarms(optimum, weights, noise, trials=20):
    """Return how often the lower and the upper edge of the first range are said to be crowded."""
    random = np.random.default_rng(0)
    found = []
    for _ in range(STUDIES):
        others = random.random(len(weights) - 1)
        function = valley(weights, [optimum, *others], noise, random)
        found += crowded(UNIT, study(UNIT, trials, function, random))
    sides = [each.side for each in found if each.name == "first"]
    return tuple(sides.count(side) / STUDIES for side in SIDES)


@pytest.mark.parametrize(("optimum", "side"), [(3e-7, "lower"), (3e-2, "upper")])
def test_optimum_beyond_the_edge_is_told_and_found(optimum, side):
    space = Space((Range("rate", 1e-5, 1e-3, log=True), Range("dropout", 0.0, 0.5)))
    random = np.random.default_rng(0)

    def function(params):
        return -(np.log10(params["rate"] / optimum) ** 2) - 0.1 * params["dropout"]

    def search(searched):
        records = study(searched, 20, lambda _: 0.0, random)
        return [replace(each, val_accuracy=function(each.params)) for each in records]

    records = search(space)
    (crowding,) = (each for each in crowded(space, records) if each.name == "rate")
    assert (crowding.side, crowding.edge) == (side, 1e-5 if side == "lower" else 1e-3)
    further = extended(space, [crowding])
    assert further["rate"].low <= optimum <= further["rate"].high
    assert further["dropout"] == space["dropout"]
    assert ranked(search(further))[0].val_accuracy > ranked(records)[0].val_accuracy


def test_crowds_are_found_where_the_optimum_lies_beyond():
    lower, upper = alarms(1.3, (1, 0.5), 0.05)
    assert lower == 0
    assert upper > 0.8
    lower, upper = alarms(-0.3, (1, 1), 0.2)
    assert lower > 0.5
    assert upper == 0


def test_false_alarms_are_rare():
    assert max(alarms(0.5, (1, 0.5), 0.05)) < 0.02
    assert max(alarms(0.5, (1, 1), 0.2)) < 0.03
    assert max(alarms(0.5, (0, 1), 0.1)) < 0.05


@given(studies(MIXED), st.data())
def test_neither_the_order_of_trials_nor_the_scale_of_accuracy_matters(records, data):
    found = crowded(MIXED, records)
    assert crowded(MIXED, data.draw(st.permutations(records))) == found
    squared = [replace(each, val_accuracy=each.val_accuracy**3 / 2) for each in records]
    assert crowded(MIXED, squared) == found
    for each in found:
        assert 0 < each.hits <= each.of


@given(spaces(), st.data())
def test_extension_goes_beyond_the_edge_overlaps_and_stays_within_bounds(space, data):
    ranges = [each for each in space if isinstance(each, Range)]
    sides = [(each, data.draw(st.sampled_from(SIDES))) for each in ranges]
    crowdings = [
        Crowding(each.name, side, each.low if side == "lower" else each.high, 5, 5)
        for each, side in sides
        if (each.low, each.high)[SIDES.index(side)] != each.bounds[SIDES.index(side)]
    ]
    further = extended(space, crowdings)
    crowds = {each.name: each for each in crowdings}
    for before, after in zip(space, further, strict=True):
        if before.name not in crowds:
            assert after == before
            continue
        crowding = crowds[before.name]
        assert before.bounds[0] <= after.low <= crowding.edge <= after.high <= before.bounds[1]
        if crowding.side == "lower":
            assert after.low < before.low < after.high < before.high
        else:
            assert before.low < after.low < before.high < after.high


def test_ranges_go_on_by_their_width_and_logarithmic_ones_tenfold():
    def beyond(dimension):
        (further,) = extended(
            Space((dimension,)), [Crowding("x", "upper", dimension.high, 5, 5)]
        ).dimensions
        return further.high

    assert beyond(Range("x", 0.0, 0.5)) == 1.0
    assert beyond(Range("x", 0.0, 0.6, bounds=(0.0, 0.99))) == 0.99
    assert beyond(Range("x", 1e-5, 1e-2, log=True)) == pytest.approx(10)
    assert beyond(Range("x", 1e-2, 2e-2, log=True)) == pytest.approx(0.2)
    assert beyond(Range("x", 8, 64, log=True, whole=True)) < 256


def test_range_crowded_at_both_ends_goes_on_at_both():
    crowdings = [Crowding("first", "lower", 0.0, 4, 8), Crowding("first", "upper", 1.0, 4, 8)]
    further = extended(UNIT, crowdings)["first"]
    assert (further.low, further.high) == (-1.0, 2.0)


def test_bound_of_the_setting_is_never_crowded():
    space = Space((Range("dropout", 0.0, 0.6, bounds=(0.0, 0.99)),))
    records = [record(each, 1 - each, dropout=each / 50) for each in range(30)]
    assert crowded(space, records) == ()
    free = Space((Range("dropout", 0.0, 0.6),))
    (crowding,) = crowded(free, records)
    assert (crowding.side, crowding.hits, crowding.of) == ("lower", 8, 10)


def test_trials_that_diverge_near_an_edge_speak_against_it():
    space = Space((Range("rate", 0.0, 1.0),))
    records = [record(each, each, rate=each / 30) for each in range(27)]
    assert [each.side for each in crowded(space, records)] == ["upper"]
    beyond = [record(each, outcome="diverged", rate=0.95) for each in range(27, 37)]
    assert crowded(space, records + beyond) == ()


def test_a_crowd_that_only_several_stages_show_is_counted_in_all_of_them():
    whole, upper = Space((Range("rate", 0.0, 1.0),)), Space((Range("rate", 0.5, 1.0),))
    coarse = [record(each, each, rate=each / 30) for each in range(30)]
    rates = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95)
    fine = [record(number, rate, rate=rate) for number, rate in enumerate(rates)]
    assert crowded(upper, fine) == ()
    (alone,) = crowded(whole, coarse)
    (together,) = crowded(upper, fine, [(whole, coarse)])
    assert (together.side, together.hits, together.of) == ("upper", alone.hits + 2, alone.of + 4)


def test_few_trials_are_no_crowd():
    records = [record(each, each, first=each, second=0.5) for each in (0.2, 0.9, 1.0)]
    assert crowded(UNIT, records) == ()


def test_message_names_edge_and_what_to_search():
    crowding = Crowding("learning_rate", "upper", 0.1, 5, 7)
    further = "learning_rate=0.03..3 log"
    seen = (
        "the best values of learning rate crowd the upper edge of the range searched, 0.1 "
        "(5 of 7 in its outer quarter)"
    )
    assert (
        message(crowding, further, searched=True) == f'{seen}: the search went on with "{further}"'
    )
    assert message(crowding, further, searched=False) == (
        f'{seen}: search further, as --search "{further}"'
    )
