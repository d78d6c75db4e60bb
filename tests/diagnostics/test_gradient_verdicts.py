"""Relative errors and their grades: laws, and the notes' own words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.diagnostics.gradients.verdicts import PRECISIONS, relative_error

NUMBERS = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)


@given(NUMBERS, NUMBERS)
def test_errors_are_symmetric_and_from_0_to_2(one: float, other: float) -> None:
    error = relative_error(one, other)
    assert 0 <= error <= 2
    assert error == relative_error(other, one) == relative_error(-one, -other)


@given(NUMBERS)
def test_equal_numbers_are_not_apart_and_opposite_ones_as_far_as_can_be(number: float) -> None:
    assert relative_error(number, number) == 0
    assert relative_error(number, -number) == (2 if number else 0)
    assert relative_error(number, 0.0) == (1 if number else 0)


@given(NUMBERS, NUMBERS, st.integers(-20, 20))
def test_units_do_not_matter(one: float, other: float, power: int) -> None:
    unit = 2.0**power
    assert relative_error(one * unit, other * unit) == relative_error(one, other)


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_infinitely_wrong(odd: float) -> None:
    assert relative_error(odd, 1.0) == relative_error(1.0, odd) == math.inf
    assert PRECISIONS["float64"].verdict(relative_error(odd, odd)) == "wrong"


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (0.0, "happy"),
        (1e-7, "happy"),
        (1e-6, "fine"),
        (1e-3, "uncomfortable"),
        (1e-2, "uncomfortable"),
        (0.02, "wrong"),
        (2.0, "wrong"),
    ],
)
def test_grades_are_those_of_the_notes(error: float, word: str) -> None:
    assert PRECISIONS["float64"].verdict(error) == word


def test_smaller_steps_are_noisier() -> None:
    precision = PRECISIONS["float64"]
    assert precision.noise(1.0, 1e-8) == pytest.approx(1000 * precision.noise(1.0, 1e-5))
    assert precision.noise(0.0, 1e-5) == 0
