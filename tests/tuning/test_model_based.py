"""Models of earlier trials propose settings that are the same again, and better than chance."""

from contextlib import nullcontext
from importlib import util
from math import log10, nan

import pytest

from cvtool.config import KnnConfig, TrainConfig
from cvtool.errors import UsageError
from cvtool.records import TrialRecord
from cvtool.tuning import installed
from cvtool.tuning.installed import check_installed
from cvtool.tuning.model_based import propose
from cvtool.tuning.sampling import draw
from cvtool.tuning.spelling import parse

SPACE = parse(
    "learning_rate=1e-5..1e-1 log, dropout=0..0.6, n=1..9, batch_size=32|64|128", TrainConfig
)
FAST = ["tpe", "cmaes"]


@pytest.fixture
def sampler(request):
    """Name a sampler, if what it needs is installed."""
    for module in ("optuna", {"cmaes": "cmaes", "gp": "torch"}.get(request.param, "optuna")):
        pytest.importorskip(module, reason=f"{request.param} needs {module}")
    return request.param


def accuracy(params):
    """Reach 1 at a rate of 0.01, a dropout of 0.2 and four layers; lose as the square of more."""
    away = (
        (log10(params["learning_rate"]) + 2) / 4,
        (params["dropout"] - 0.2) / 0.6,
        (params["n"] - 4) / 9,
        0.3 * (params["batch_size"] != 64),
    )
    return 1 - sum(each**2 for each in away)


def record(number, params, reached, stage=0):
    outcome = "finished" if reached == reached else "diverged"
    return TrialRecord(stage, number, params, 1, 0, outcome, val_accuracy=reached)


def drawn(count, seed=0, space=SPACE):
    return [draw(space, seed, 0, number) for number in range(count)]


def known(count=12, seed=0):
    return [record(number, each, accuracy(each)) for number, each in enumerate(drawn(count, seed))]


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_proposals_are_the_same_again_and_begin_alike(sampler):
    proposed = propose(sampler, SPACE, known(), 8, seed=3, stage=1)
    assert proposed == propose(sampler, SPACE, known(), 8, seed=3, stage=1)
    assert proposed[:3] == propose(sampler, SPACE, known(), 3, seed=3, stage=1)
    assert proposed != propose(sampler, SPACE, known(), 8, seed=4, stage=1)
    assert proposed != propose(sampler, SPACE, known(), 8, seed=3, stage=2)
    assert proposed != propose(sampler, SPACE, known(seed=1), 8, seed=3, stage=1)


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_proposals_are_values_of_the_space(sampler):
    for params in propose(sampler, SPACE, known(), 30, seed=0, stage=1):
        assert tuple(params) == SPACE.names
        for each in SPACE:
            value = params[each.name]
            assert each.at(each.place(value)) == value
        assert isinstance(params["n"], int)
    numbers = propose(sampler, SPACE, known(), 30, seed=0, stage=1)
    assert len({each["learning_rate"] for each in numbers}) > 20


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_settings_are_drawn_at_random_where_little_is_known(sampler):
    at_random = [draw(SPACE, 5, 1, number) for number in range(3)]
    same = [record(number, each, 0.5) for number, each in enumerate(drawn(9))]
    lost = [record(number, each, nan) for number, each in enumerate(drawn(9))]
    for history in ([], known(3), same, lost):
        assert propose(sampler, SPACE, history, 3, seed=5, stage=1) == at_random


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_trials_outside_of_the_space_count_for_nothing(sampler):
    rate = {"learning_rate": 0.5}
    outside = [record(50, {**known()[0].params, **rate}, 1.0), record(51, rate, 1.0)]
    outside.append(record(52, {**known()[0].params, "batch_size": 48}, 1.0))
    proposed = propose(sampler, SPACE, [*known(), *outside], 3, seed=0, stage=1)
    assert proposed == propose(sampler, SPACE, known(), 3, seed=0, stage=1)


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_a_trial_that_diverged_counts_as_the_worst(sampler):
    worst = min(each.val_accuracy for each in known())
    params = drawn(15)[12:]
    diverged = [record(20 + number, each, nan) for number, each in enumerate(params)]
    bad = [record(20 + number, each, worst) for number, each in enumerate(params)]
    proposed = propose(sampler, SPACE, [*known(), *diverged], 5, seed=0, stage=1)
    assert proposed == propose(sampler, SPACE, [*known(), *bad], 5, seed=0, stage=1)


@pytest.mark.parametrize("sampler", FAST, indirect=True)
@pytest.mark.parametrize(
    ("model", "text"),
    [
        (TrainConfig, "dropout=0..0.6"),
        (TrainConfig, "batch_size=32|64"),
        (TrainConfig, "optimizer=adam|, n=1..3"),
        (KnnConfig, "k=1..31, metric=l1|l2"),
    ],
)
def test_small_spaces_will_do(sampler, model, text):
    space = parse(text, model)
    history = [record(each, params, each / 9) for each, params in enumerate(drawn(9, 0, space))]
    for params in propose(sampler, space, history, 4, seed=0, stage=1):
        assert tuple(params) == space.names


def reached(propose_stage, seed):
    """Mean accuracy of the third of three stages, each of which knows those before."""
    history = []
    for stage in range(3):
        proposed = propose_stage(history, seed, stage)
        history += [
            record(number, params, accuracy(params), stage)
            for number, params in enumerate(proposed)
        ]
    third = [each.val_accuracy for each in history if each.stage == 2]
    return sum(third) / len(third), max(each.val_accuracy for each in history)


def check_learning(sampler, count, seeds):
    """Compare what is proposed to what is drawn, over several seeds."""

    def at_random(_, seed, stage):
        return [draw(SPACE, seed, stage, number) for number in range(count)]

    def proposed(history, seed, stage):
        return propose(sampler, SPACE, history, count, seed, stage)

    chance = [reached(at_random, seed) for seed in range(seeds)]
    learned = [reached(proposed, seed) for seed in range(seeds)]
    assert all(better[0] > drawn[0] for better, drawn in zip(learned, chance, strict=True))
    assert sum(each[1] for each in learned) > sum(each[1] for each in chance)


@pytest.mark.parametrize("sampler", FAST, indirect=True)
def test_three_stages_reach_more_than_chance(sampler):
    check_learning(sampler, count=15, seeds=5)


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["gp"], indirect=True)
def test_a_gaussian_process_reaches_more_than_chance(sampler):
    proposed = propose(sampler, SPACE, known(), 4, seed=0, stage=1)
    assert proposed == propose(sampler, SPACE, known(), 4, seed=0, stage=1)
    assert proposed[:2] == propose(sampler, SPACE, known(), 2, seed=0, stage=1)
    check_learning(sampler, count=6, seeds=3)


@pytest.mark.parametrize(
    ("sampler_name", "missing", "sentence"),
    [
        (
            "tpe",
            "optuna",
            "--sampler tpe needs Optuna, which is not installed: pip install 'cv",
        ),
        ("cmaes", "cmaes", "--sampler cmaes needs the package cmaes, which is not installed"),
        ("gp", "torch", "--sampler gp needs PyTorch, which is not installed: pip install torch"),
    ],
)
def test_what_is_missing_is_said(monkeypatch, sampler_name, missing, sentence):
    def found(module):
        return None if module == missing else util.find_spec("json")

    monkeypatch.setattr(installed, "find_spec", found)
    with pytest.raises(UsageError) as caught:
        propose(sampler_name, SPACE, [], 1, 0, 0)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith("or take --sampler random")


@pytest.mark.parametrize(
    ("version", "enough"), [("4.0.0", False), ("4.7.1", False), ("4.8.0", True), ("5.0.0rc1", True)]
)
def test_an_optuna_whose_gaussian_process_repeats_itself_is_too_old(monkeypatch, version, enough):
    monkeypatch.setattr(installed, "find_spec", lambda _: "is there")
    monkeypatch.setattr(installed, "version", lambda _: version)
    with nullcontext() if enough else pytest.raises(UsageError, match=f"4.8 or later.*{version}"):
        check_installed("gp")
    check_installed("tpe")


@pytest.mark.parametrize("sampler", ["tpe"], indirect=True)
def test_optuna_stays_silent_and_as_it_was(sampler, capfd):
    import optuna

    before = optuna.logging.get_verbosity()
    propose(sampler, SPACE, known(), 2, 0, 1)
    assert capfd.readouterr() == ("", "")
    assert optuna.logging.get_verbosity() == before
