"""The plan: coarse then fine, halving, or what a user says."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import TuneConfig
from cvtool.errors import UsageError
from cvtool.tuning.stages import ETA, plan


def steps(epochs: int, **chosen: object) -> list[tuple[str, int | None, int]]:
    return [(each.name, each.trials, each.epochs) for each in plan(TuneConfig(**chosen), epochs)]


def test_most_trials_are_coarse_and_short_the_others_fine_and_whole():
    assert steps(10) == [("coarse", 30, 2), ("fine", 20, 10)]


def test_a_few_trials_are_learned_to_the_end_at_once():
    assert steps(10, random=4) == [("fine", 4, 10)]


def test_where_nothing_is_learned_there_are_no_epochs():
    assert steps(0, random=10) == [("coarse", 6, 0), ("fine", 4, 0)]


def test_a_model_is_told_of_the_fine_trials_again_and_again():
    found = steps(10, sampler="tpe")
    assert found == [("coarse", 20, 2), ("fine 1", 10, 10), ("fine 2", 10, 10), ("fine 3", 10, 10)]


def test_halving_goes_on_with_a_third_for_three_times_the_epochs():
    assert steps(10, halving=True) == [
        ("coarse", 50, 2),
        ("halving 1", 16, 4),
        ("halving 2", 5, 10),
    ]


def test_a_grid_says_itself_how_many_trials_there_are():
    assert steps(10, grid=True) == [("coarse", None, 2), ("fine", None, 10)]


def test_stages_are_taken_as_they_are_said():
    found = steps(10, stages="30x2, 20 x 5,10")
    assert found == [("coarse", 30, 2), ("fine 1", 20, 5), ("fine 2", 10, 10)]


def test_only_what_is_drawn_at_random_is_narrowed_more_than_once():
    drawn = plan(TuneConfig(stages="9x1,9x2,9x3"), 3)
    proposed = plan(TuneConfig(stages="9x1,9x3,9x3", sampler="tpe"), 3)
    assert [each.narrows for each in drawn] == [False, True, True]
    assert [each.narrows for each in proposed] == [False, True, False]


def test_only_coarse_trials_are_given_up():
    assert [each.stops_early for each in plan(TuneConfig(), 10)] == [True, False]
    assert not any(each.stops_early for each in plan(TuneConfig(), 0))


@pytest.mark.parametrize(
    ("epochs", "chosen", "words"),
    [
        (10, {"stages": "coarse"}, "--stages takes show, or trials x epochs of each stage"),
        (10, {"stages": "30x2,"}, "as 30x2,20x10, not ''"),
        (10, {"stages": "0x2"}, "from 1 to 100,000 trials and at least 1 epoch, not '0x2'"),
        (10, {"stages": "9x0"}, "at least 1 epoch, not '9x0'"),
        (0, {"stages": "9x2", "model": "knn"}, "--model knn learns no epochs"),
        (10, {"stages": "9x2", "grid": True}, "leave one of them out"),
        (0, {"halving": True, "model": "knn"}, "--model knn has none"),
        (10, {"halving": True, "sampler": "gp"}, "--sampler gp proposes new ones"),
        (10, {"halving": True, "grid": True}, "--halving says otherwise"),
        (10, {"sampler": "tpe", "grid": True}, "--sampler tpe says otherwise"),
    ],
)
def test_what_is_no_plan_is_said_in_one_sentence(epochs, chosen, words):
    with pytest.raises(UsageError, match="--") as said:
        plan(TuneConfig(**chosen), epochs)
    assert words in str(said.value)


@given(st.integers(1, 1000), st.integers(1, 200), st.sampled_from(["random", "tpe"]))
def test_coarse_and_fine_share_the_trials_and_end_with_all_epochs(trials, epochs, sampler):
    found = plan(TuneConfig(random=trials, sampler=sampler), epochs)
    assert sum(each.trials or 0 for each in found) == trials
    assert all(each.trials for each in found)
    assert found[-1].epochs == epochs


@given(st.integers(1, 1000), st.integers(1, 200))
def test_every_rung_has_fewer_trials_and_more_epochs(trials, epochs):
    found = plan(TuneConfig(random=trials, halving=True), epochs)
    assert found[0].trials == trials
    assert found[-1].epochs == epochs
    for lower, upper in pairwise(found):
        assert upper.trials == lower.trials // ETA
        assert lower.epochs <= upper.epochs <= ETA * lower.epochs
