"""Places and values lead to each other, and everything drawn is within its range."""

from collections import Counter
from math import nextafter
from statistics import median

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cvtool.tuning.dimension import DIGITS, Choice, Range

places = st.floats(0, 1)
MANY = [(each + 0.5) / 3000 for each in range(3000)]
"""Places as evenly spread as draws are on average."""


@st.composite
def ranges(draw, kinds=(False, True)):
    log, whole = draw(st.booleans()), draw(st.sampled_from(kinds))
    least, most = (1, 10**6) if whole else (1e-9, 1e6)
    numbers = st.integers(least, most) if whole else st.floats(least, most)
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    assume(low < high)
    return Range("it", float(low), float(high), log, whole, (float(least), float(most)))


def precision(dimension, value):
    """How far rounding moves a value."""
    return 1 if dimension.whole else abs(value) * 0.51 * 10 ** (1 - DIGITS)


@given(dimension=ranges(), place=places)
def test_what_is_drawn_is_in_the_range(dimension, place):
    value = dimension.at(place)
    assert dimension.low <= value <= dimension.high
    assert isinstance(value, int if dimension.whole else float)


@given(dimension=ranges(), place=places)
def test_a_value_is_found_again_at_its_place(dimension, place):
    value = dimension.at(place)
    found = dimension.at(min(max(dimension.place(value), 0), 1))
    assert found == value if dimension.whole else abs(found - value) <= precision(dimension, value)


@example(dimension=Range("it", 1e-9, 1.0000000000000003e-9, log=True), first=0.0, last=1.0)
@given(dimension=ranges(), first=places, last=places)
def test_higher_places_have_no_lower_values(dimension, first, last):
    first, last = sorted((first, last))
    assert dimension.at(first) <= dimension.at(last)
    assert dimension.place(dimension.at(first)) <= dimension.place(dimension.at(last))


@pytest.mark.parametrize("log", [False, True])
def test_ends_are_at_the_ends(log):
    dimension = Range("learning_rate", 1.23456e-5, 0.098765, log)
    assert (dimension.at(0), dimension.at(1)) == (1.235e-5, 0.09876)
    assert dimension.points(2) == (1.23456e-5, 0.098765)
    assert dimension.place(1.23456e-5) == pytest.approx(0)
    assert dimension.place(0.098765) == pytest.approx(1)


def test_values_have_four_digits():
    assert Range("learning_rate", 1e-5, 1e-1, log=True).at(0.5) == 1e-3
    assert Range("dropout", 0.0, 0.6).at(1 / 3.5) == 0.1714


def test_values_of_a_narrow_range_differ():
    values = {Range("learning_rate", 0.012345, 0.012346).at(place) for place in MANY}
    assert len(values) > 500


def test_each_whole_number_is_as_likely():
    drawn = Counter(Range("k", 1, 6, whole=True).at(place) for place in MANY)
    assert drawn == dict.fromkeys(range(1, 7), 500)


@given(dimension=ranges(kinds=[False]))
def test_half_of_what_is_drawn_is_below_the_middle(dimension):
    ends = dimension.low, dimension.high
    middle = (ends[0] * ends[1]) ** 0.5 if dimension.log else sum(ends) / 2
    drawn = median(dimension.at(place) for place in MANY)
    assert drawn == pytest.approx(middle, rel=0.51 * 10 ** (1 - DIGITS))


def test_outside_of_the_range_places_go_on():
    dimension = Range("learning_rate", 1e-4, 1e-2, log=True)
    assert dimension.place(1e-5) == pytest.approx(-0.5)
    assert dimension.place(1e-1) == pytest.approx(1.5)


@given(dimension=ranges(), count=st.integers(2, 9))
def test_points_go_from_end_to_end(dimension, count):
    points = dimension.points(count)
    assert list(points) == sorted(set(points))
    assert len(points) <= count
    assert (points[0], points[-1]) == (dimension.low, dimension.high)


def test_points_are_evenly_spread():
    assert Range("learning_rate", 1e-5, 1e-1, log=True).points(3) == (1e-5, 1e-3, 1e-1)
    assert Range("dropout", 0.0, 0.6).points(4) == (0.0, 0.2, 0.4, 0.6)
    assert Range("k", 1, 31, whole=True).points(4) == (1, 11, 21, 31)
    assert Range("k", 1, 2, whole=True).points(5) == (1, 2)


@given(dimension=ranges(), first=st.floats(-2, 3), last=st.floats(-2, 3))
def test_a_part_is_a_range_within_the_bounds(dimension, first, last):
    first, last = sorted((first, last))
    part = dimension.between(first, last)
    assert part.low < part.high
    assert dimension.bounds[0] <= part.low
    assert part.high <= dimension.bounds[1]
    assert first < 0 or part.low >= dimension.low
    assert last > 1 or part.high <= dimension.high


@given(dimension=ranges())
def test_from_end_to_end_is_all(dimension):
    assert dimension.between(0, 1) == dimension


@given(dimension=ranges(), first=places, last=places)
def test_a_part_holds_what_lies_between_its_places(dimension, first, last):
    first, last = sorted((first, last))
    part = dimension.between(first, last)
    for place in (first, (first + last) / 2, last):
        value = dimension.at(place)
        assert part.low - precision(dimension, value) <= value
        assert value <= part.high + precision(dimension, value)


@given(ends=st.tuples(st.integers(1, 50), st.integers(1, 50)), log=st.booleans())
def test_a_part_between_the_places_of_whole_numbers_ends_there(ends, log):
    low, high = sorted(ends)
    assume(low < high)
    whole = Range("k", 1, 50, log, whole=True)
    part = whole.between(whole.place(low), whole.place(high))
    assert (part.low, part.high) == (low, high)


def test_an_extension_is_round_and_stops_at_the_bounds():
    rate = Range("learning_rate", 1e-5, 1e-1, log=True, bounds=(1e-12, 1e6))
    assert (rate.between(-0.5, 1).low, rate.between(0, 1.5).high) == (1e-7, 10)
    dropout = Range("dropout", 0.0, 0.6, bounds=(0.0, 0.9999))
    assert dropout.between(-1, 2) == Range("dropout", 0.0, 0.9999, bounds=(0.0, 0.9999))


def test_a_part_is_never_a_point():
    assert Range("dropout", 0.0, 1.0).between(0.5, 0.5) == Range("dropout", 0.495, 0.505)
    assert Range("dropout", 0.0, 1.0).between(1, 1) == Range("dropout", 0.99, 1.0)
    assert Range("k", 1, 9, whole=True).between(0, 0) == Range("k", 1, 2, whole=True)
    assert Range("k", 1, 9, whole=True).between(1, 1) == Range("k", 8, 9, whole=True)


def test_beyond_a_bound_is_nothing():
    dropout = Range("dropout", 0.0, 0.5, bounds=(0.0, 0.5))
    assert dropout.between(1, 1.5) == dropout.between(-0.5, 0) == dropout
    numbers = Range("k", 1, 9, whole=True, bounds=(1, 9))
    assert numbers.between(1, 1.5) == Range("k", 8, 9, whole=True, bounds=(1, 9))


def test_numbers_side_by_side_cannot_be_parted():
    narrow = Range("dropout", 0.5, nextafter(0.5, 1))
    assert narrow.between(0.2, 0.3) == narrow
    assert narrow.at(0.5) in (narrow.low, narrow.high)


def test_an_extension_beyond_all_numbers_stops_at_a_finite_one():
    part = Range("strength", 1e-12, 1e12, log=True, bounds=(1e-12, 1e300)).between(0, 50)
    assert part.high == 1e300


CHOICE = Choice("filters", ("16", "32", "64"))


@given(place=places)
def test_a_choice_is_one_of_its_values_and_found_again(place):
    assert CHOICE.at(place) in CHOICE.values
    assert CHOICE.at(CHOICE.place(CHOICE.at(place))) == CHOICE.at(place)


def test_each_value_of_a_choice_is_as_likely():
    assert Counter(map(CHOICE.at, MANY)) == dict.fromkeys(CHOICE.values, 1000)


def test_a_choice_is_narrowed_in_its_own_order():
    assert CHOICE.among(["64", "16"]).values == ("16", "64")
    assert CHOICE.points(2) == ("16", "32", "64")
