"""Conditions on runs: how they are spelled, and what they mean."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.errors import UsageError
from cvtool.runs import Condition, parse_conditions
from cvtool.runs.conditions import spelled

VALUES = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=4)


@given(VALUES, VALUES.filter(lambda value: value is not None))
def test_equal_and_unequal_divide_all_values(value: Any, wanted: Any) -> None:
    is_equal = Condition("key", "=", spelled(wanted)).holds(value)
    assert is_equal is not Condition("key", "!=", spelled(wanted)).holds(value)
    assert Condition("key", "=", spelled(wanted)).holds(wanted)


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_orders_are_those_of_numbers(value: float, wanted: float) -> None:
    def holds(sign: str) -> bool:
        return Condition("key", sign, repr(wanted)).holds(value)

    assert (holds("<"), holds(">")) == (value < wanted, value > wanted)
    assert (holds("<="), holds(">=")) == (not holds(">"), not holds("<"))


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("epochs=3", 3, True),
        ("epochs=3.0", 3, True),
        ("epochs=3", "3", True),
        ("learning-rate=1e-3", 0.001, True),
        ("grid=true", True, True),
        ("grid=1", True, False),
        ("dataset~DIG", "digits", True),
        ("dataset~dig", None, False),
        ("val_accuracy>0.9", None, False),
        ("val_accuracy>0.9", "high", False),
        ("started>2026-11", "2026-11-02T00:00:00+00:00", True),
        ("started<2026-11", "2026-11-02T00:00:00+00:00", False),
        ("outcome!=finished", None, True),
        ("outcome=", "", True),
    ],
)
def test_what_a_condition_means(condition: str, value: Any, expected: bool) -> None:
    (read,) = parse_conditions(condition)
    assert read.holds(value) is expected


def test_several_stand_beside_each_other_and_spaces_in_quotation_marks() -> None:
    first, second = parse_conditions('  command="data check"  learning-rate>=0.1 ')
    assert (first.key, first.sign, first.wanted) == ("command", "=", "data check")
    assert (second.key, second.sign, second.wanted) == ("learning_rate", ">=", "0.1")
    assert parse_conditions("") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("val_accuracy", "takes conditions as KEY=VALUE"),
        ("val_accuracy > 3", "no space around it"),
        ("=3", "takes conditions"),
        ("epochs>many", "'many' in 'epochs>many' is neither"),
        ('command="data', "never closed"),
    ],
)
def test_what_is_none_is_told_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        parse_conditions(text)
    assert "\n" not in str(raised.value)
