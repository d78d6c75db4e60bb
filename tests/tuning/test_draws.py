"""How often chance does as much, beside drawing it often and beside what is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.tuning.chance import at_least


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_more_hits_are_rarer_and_none_are_certain(drawn, marked, other):
    total = marked + other
    drawn = min(drawn, total)
    shares = [at_least(hits, drawn, marked, total) for hits in range(drawn + 2)]
    assert shares[0] == 1
    assert shares[-1] == 0
    assert shares == sorted(shares, reverse=True)


def test_tasting_tea():
    # Fisher, "The design of experiments", 1935: all four of eight cups are told by luck 1 in 70.
    assert at_least(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert at_least(3, 4, 4, 8) == pytest.approx(17 / 70)


def test_as_often_as_draws_show():
    random = np.random.default_rng(0)
    seen = random.hypergeometric(5, 15, 7, size=20_000)
    for hits in range(5):
        assert at_least(hits, 7, 5, 20) == pytest.approx(np.mean(seen >= hits), abs=0.02)
