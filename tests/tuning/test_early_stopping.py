"""A trial is given up where its loss explodes, is no number or stays; never where it goes down."""

from math import exp, inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.records import StepRecord
from cvtool.training.loop import EXPLODED
from cvtool.tuning.early_stopping import FEWEST, STILL, Hope


def judged(losses, epochs=2, warm_up=0.0):
    """Return after how many steps hope is lost, and why; all steps and None if it never is."""
    hope, steps = Hope(warm_up), len(losses) // epochs
    for done, loss in enumerate(losses):
        epoch, step = divmod(done, steps)
        reason = hope.after(StepRecord(epoch + 1, epochs, step + 1, steps, loss, 0.1, 1.0))
        if reason:
            return done + 1, reason
    return len(losses), None


def falling(steps, to):
    return [2.4 * to ** (done / (steps - 1)) for done in range(steps)]


@given(st.integers(2, 300), st.floats(0.001, 0.5))
def test_a_loss_that_goes_down_keeps_hope_up(steps, to):
    assert judged(falling(2 * steps, to)) == (2 * steps, None)


def test_a_loss_that_stays_is_given_up_half_way():
    steps, reason = judged([2.41] + [2.40] * 99)
    assert (steps, reason) == (50, "the loss does not move: 2.4 after 50 steps, 2.4 at first")


@pytest.mark.parametrize("share", [STILL / 2, 2 * STILL])
def test_it_has_to_move_by_a_share_of_what_it_was(share):
    losses = [2.0] * 25 + [2.0 * (1 - share)] * 75
    assert (judged(losses)[1] is None) == (share > STILL)


def test_it_need_not_have_moved_within_a_few_steps():
    assert judged([2.4] * (FEWEST - 2)) == (FEWEST - 2, None)
    assert judged([2.4] * FEWEST)[0] == FEWEST


def test_it_need_not_move_while_the_rate_rises():
    losses = [2.4] * 60 + [1.2] * 40
    assert judged(losses)[0] == 50
    assert judged(losses, warm_up=1.0) == (100, None)


def test_a_warm_up_that_never_ends_is_waited_for():
    assert judged([2.4] * 100, warm_up=5.0) == (100, None)


def test_a_loss_that_explodes_is_given_up():
    steps, reason = judged([2.4 * exp(0.1 * done) for done in range(100)])
    assert steps == FEWEST
    assert reason == "the loss rose to 10.7, more than 3 times its first 2.4"
    assert judged([2.4] * 40 + [24.0] * 60)[0] == 43


def test_single_batches_may_be_hard():
    losses = falling(100, 0.2)
    losses[5] = losses[30] = 3 * EXPLODED * 2.4
    assert judged(losses) == (100, None)


def test_a_wild_start_is_forgiven():
    losses = [2.4, *[50.0] * 9, *falling(90, 0.2)]
    assert judged(losses) == (100, None)


def test_it_may_pass_what_it_was_at_first():
    losses = [2.4] * 10 + [6.0 - 0.06 * done for done in range(90)]
    assert judged(losses) == (100, None)


@pytest.mark.parametrize("loss", [nan, inf])
@pytest.mark.parametrize("place", [0, 3, 60])
def test_what_is_no_number_is_given_up_at_once(loss, place):
    losses = falling(100, 0.2)
    losses[place] = loss
    assert judged(losses) == (place + 1, "the loss is no number any more")
