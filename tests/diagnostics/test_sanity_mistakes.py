"""Mistakes are found by the checks that are there for them, and healthy set-ups by none."""

import pytest

from cvtool.config import TrainConfig
from cvtool.diagnostics.sanity.checks import INSIDE, SIMPLE
from cvtool.diagnostics.sanity.initial_loss import guessing
from cvtool.diagnostics.sanity.layers_at_start import asymmetry, look_inside, units_live
from cvtool.diagnostics.sanity.mistakes import HEALTHY, MISTAKES, SMALL
from cvtool.experiments.preparation import prepare
from cvtool.experiments.sanity_check import setup_of
from cvtool.records import finish

BY_NAME = {each.name: each for each in MISTAKES}

QUICK = [
    ("labels off by one", "labels"),
    ("sorted batches", "mixed batches"),
    ("summed loss", "initial loss"),
    ("lost gradient", "everything moves"),
    ("flipped sign", "descent"),
    ("summed gradient", "descent"),
    ("leaked validation", "disjoint parts"),
    ("copies across parts", "disjoint parts"),
    ("statistics of everything", "training statistics"),
    ("normalized twice", "input range"),
    ("penalty without gradient", "regularization"),
    ("rewarded weights", "regularization"),
    ("dropout at inference", "batch independence"),
]


def setup(config):
    return setup_of(config, finish(prepare(config)))


@pytest.mark.parametrize(("mistake", "check"), QUICK)
def test_a_mistake_is_found_by_its_check(mistake, check):
    made = BY_NAME[mistake]
    found = SIMPLE[check](made.alter(setup(made.config(0))))
    assert check in made.found_by
    assert not found.ok
    assert found.name == check


@pytest.mark.parametrize("check", sorted({check for _, check in QUICK}))
def test_the_same_checks_pass_where_nothing_is_wrong(check):
    assert SIMPLE[check](setup(TrainConfig(**SMALL))).ok


def test_the_inside_of_a_healthy_network_is_well():
    start = look_inside(setup(TrainConfig(**SMALL)))
    assert all(judge(start).ok for judge in INSIDE)


@pytest.mark.parametrize(
    ("mistake", "judge"), [("dead units", units_live), ("constant weights", asymmetry)]
)
def test_a_mistake_shows_inside(mistake, judge):
    made = BY_NAME[mistake]
    assert not judge(look_inside(made.alter(setup(made.config(0))))).ok


def test_guessing_costs_what_the_notes_say():
    assert guessing("softmax", 10, 0.0) == pytest.approx(2.302585)
    assert guessing("svm", 10, 0.0) == 9.0
    assert guessing("squared-svm", 4, 0.0) == 3.0


def test_there_are_enough_mistakes_each_with_a_check_that_exists():
    known = set(SIMPLE) | {"learning rate"} | {"activations", "gradients"}
    known |= {"units live", "units respond", "asymmetry"}
    assert len(MISTAKES) >= 20
    assert len(HEALTHY) >= 8
    assert all(set(each.found_by) <= known for each in MISTAKES)
