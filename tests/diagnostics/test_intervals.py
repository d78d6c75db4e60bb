"""Intervals hold what was seen, and what is true about 19 times of 20."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.diagnostics.intervals import wilson


@given(st.integers(1, 100_000), st.data())
def test_what_was_seen_lies_within(total, data):
    right = data.draw(st.integers(0, total))
    low, high = wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1
    assert low < high
    assert wilson(total - right, total) == pytest.approx((1 - high, 1 - low))


def test_published_values():
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    for right, total, interval in (
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0000, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ):
        assert wilson(right, total) == pytest.approx(interval, abs=5e-5)


def test_what_is_true_lies_within_about_19_times_of_20():
    random = np.random.default_rng(0)
    for truth in (0.1, 0.5, 0.97):
        intervals = [wilson(int(right), 300) for right in random.binomial(300, truth, 2000)]
        held = np.mean([low <= truth <= high for low, high in intervals])
        assert 0.93 < held < 0.97
