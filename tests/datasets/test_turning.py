"""Sines of our own are sines."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cvtool.datasets.embedded.turning import direction, sine


@given(st.floats(-1000, 1000))
def test_sine_is_the_sine_of_whole_turns(turns):
    np.testing.assert_allclose(sine(np.array(turns)), np.sin(2 * np.pi * turns), atol=1e-9)


def test_quarter_turns_are_exact():
    np.testing.assert_array_equal(sine(np.array([0.0, 0.5, 1.0])), 0)
    np.testing.assert_allclose(sine(np.array([0.25, -0.25])), [1, -1], atol=1e-9)


@given(st.floats(-3, 3))
def test_directions_have_length_one(turns):
    assert abs(np.square(direction(np.array(turns))).sum() - 1) < 1e-8
