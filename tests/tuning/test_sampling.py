"""Draws depend on nothing but their names, and grids hold every combination once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import TrainConfig
from cvtool.errors import UsageError
from cvtool.tuning.sampling import draw, grid
from cvtool.tuning.space import Space
from cvtool.tuning.spelling import parse

SPACE = parse("learning_rate=1e-5..1e-1 log, batch_size=16|32|64, n=1..3", TrainConfig)


@given(seed=st.integers(0, 2**63 - 1), stage=st.integers(0, 9), number=st.integers(0, 10**5))
def test_a_draw_is_within_the_space_and_the_same_again(seed, stage, number):
    params = draw(SPACE, seed, stage, number)
    assert tuple(params) == SPACE.names
    assert all(0 <= each.place(params[each.name]) <= 1 for each in SPACE)
    assert params == draw(SPACE, seed, stage, number)


@given(number=st.integers(0, 10**5))
def test_another_dimension_changes_no_other(number):
    smaller = Space(SPACE.dimensions[1:])
    params = draw(SPACE, 3, 0, number)
    assert draw(smaller, 3, 0, number) == {name: params[name] for name in smaller.names}


def test_seeds_stages_and_numbers_draw_otherwise():
    drawn = [draw(SPACE, *key)["learning_rate"] for key in ((0, 0, 0), (1, 0, 0), (0, 1, 0))]
    drawn += [draw(SPACE, 0, 0, number)["learning_rate"] for number in range(1, 50)]
    assert len(set(drawn)) == len(drawn)


def test_dimensions_are_drawn_independently():
    space = parse("learning_rate=0..1, strength=0..1", TrainConfig)
    drawn = [draw(space, 0, 0, number) for number in range(400)]
    low = [each["strength"] < 0.5 for each in drawn if each["learning_rate"] < 0.5]
    assert len(low) == pytest.approx(200, abs=40)
    assert sum(low) == pytest.approx(100, abs=30)


def test_a_grid_has_every_combination_once_in_order():
    combinations = grid(SPACE, 3)
    assert len(combinations) == 27
    assert combinations[0] == {"learning_rate": 1e-5, "batch_size": 16, "n": 1}
    assert combinations[1] == {"learning_rate": 1e-5, "batch_size": 16, "n": 2}
    assert combinations[-1] == {"learning_rate": 1e-1, "batch_size": 64, "n": 3}
    assert len({tuple(each.values()) for each in combinations}) == 27


def test_a_grid_has_no_more_values_than_there_are():
    assert len(grid(parse("n=1..2, batch_size=16|32", TrainConfig), 10)) == 4


def test_a_grid_has_its_limits():
    space = parse("learning_rate=1e-5..1 log, strength=0..1, dropout=0..0.5", TrainConfig)
    with pytest.raises(UsageError, match="at most 100,000 combinations, not 1,000,000"):
        grid(space, 100)
