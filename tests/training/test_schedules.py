"""Schedules begin, end and change as they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import SCHEDULES, LearningConfig
from cvtool.training.schedules import SHAPES, constant, cosine, make_schedule, one_cycle


def rates(steps_per_epoch=10, **choices):
    config = LearningConfig(learning_rate=0.5, **choices)
    schedule = make_schedule(config, steps_per_epoch)
    return [schedule(step) for step in range(config.epochs * steps_per_epoch)]


def test_every_choice_is_known():
    assert set(SCHEDULES) == {"step", *SHAPES}


def test_shapes_have_their_ends():
    assert constant(0) == constant(1) == 1
    assert cosine(0) == 1
    assert cosine(0.5) == pytest.approx(0.5)
    assert cosine(1) == pytest.approx(0)
    assert one_cycle(0) == pytest.approx(1 / 25)
    assert one_cycle(0.3) == pytest.approx(1)
    assert one_cycle(1) == pytest.approx(0)


@given(progress=st.floats(0, 1))
def test_shapes_are_continuous_and_between_zero_and_one(progress):
    for shape in SHAPES.values():
        assert 0 <= shape(progress) <= 1
        assert abs(shape(progress) - shape(min(progress + 1e-6, 1))) < 1e-5


@given(
    schedule=st.sampled_from(SCHEDULES),
    warmup=st.floats(0, 12),
    epochs=st.integers(1, 9),
    steps_per_epoch=st.integers(1, 20),
)
def test_rates_are_never_above_the_highest_nor_below_zero(
    schedule, warmup, epochs, steps_per_epoch
):
    choices = {"schedule": schedule, "warmup": warmup, "epochs": epochs}
    for rate in rates(steps_per_epoch, **choices):
        assert 0 <= rate <= 0.5


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_warm_up_rises_in_equal_steps_to_where_the_schedule_begins(schedule):
    warm = rates(schedule=schedule, warmup=2, epochs=8)
    begin = 0.5 / 25 if schedule == "one-cycle" else 0.5
    assert warm[:20] == pytest.approx([begin * (step + 1) / 20 for step in range(20)])
    assert warm[20] == pytest.approx(begin)


def test_cosine_falls_to_nearly_nothing():
    falling = rates(schedule="cosine", epochs=10)
    assert falling == sorted(falling, reverse=True)
    assert falling[0] == 0.5
    assert falling[-1] < 0.5 * 1e-3


def test_steps_drop_at_whole_epochs():
    dropping = rates(schedule="step", epochs=6, step_every=2, step_factor=0.1)
    assert dropping == pytest.approx([0.5] * 20 + [0.05] * 20 + [0.005] * 20)


def test_one_cycle_is_highest_after_three_tenths():
    cycle = rates(schedule="one-cycle", epochs=10)
    assert cycle.index(max(cycle)) == 30
    assert max(cycle) == pytest.approx(0.5)
