"""What is left open is settled before the first trial, and the plan is what will be done."""

from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.config import MODELS, TuneSettings
from cvtool.errors import UsageError
from cvtool.experiments.study_plan import lay_out, settle
from cvtool.experiments.trial_settings import with_params
from cvtool.records import StagePlan
from cvtool.tuning.defaults import DEFAULTS, default_space
from cvtool.tuning.sampling import draw


def settled(**values: Any) -> Any:
    return settle(TuneSettings.from_dict(values))


def planned(**values: Any) -> StagePlan:
    return lay_out(settled(**values))


@pytest.mark.parametrize("model", MODELS)
def test_each_model_is_searched_by_its_defaults(model: str) -> None:
    plan = settled(model=model)
    assert plan.space == default_space(model, frozenset())
    assert plan.settings.searched == frozenset(plan.space.names)
    assert (plan.epochs == 0) == (model == "knn")


@pytest.mark.parametrize("model", DEFAULTS)
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_said_is_not_searched(model: str, data: st.DataObject) -> None:
    names = default_space(model, frozenset()).names
    said = data.draw(st.sets(st.sampled_from(names), max_size=len(names) - 1))
    example = draw(default_space(model, frozenset()), 0, 0, 0)
    texts = {name: str(example[name]) for name in sorted(said)}
    plan = settled(model=model, **texts)
    assert plan.space.names == tuple(name for name in names if name not in said)
    fixed = {name: str(getattr(plan.settings.model, name)) for name in texts}
    assert fixed == texts
    assert not plan.settings.searched & said


def test_nothing_left_to_search_is_refused() -> None:
    with pytest.raises(UsageError, match="all of them are given"):
        settled(model="knn", k="3", metric="l2", preprocess="none")


def test_what_is_searched_is_not_fixed() -> None:
    with pytest.raises(UsageError, match="--dropout fixes what --search dropout=… varies"):
        settled(search="dropout=0..0.5", dropout="0.1")
    plan = settled(search="dropout=0..0.5", learning_rate="0.1")
    assert (plan.space.names, plan.settings.model.learning_rate) == (("dropout",), 0.1)


def test_workers_and_a_cluster_cannot_both_work() -> None:
    assert settled(workers=2).settings.tune.workers == 2
    assert settled(cluster="local:2").settings.tune.cluster == "local:2"
    with pytest.raises(UsageError, match="--workers and --cluster both say who works"):
        settled(workers=2, cluster="local:2")


def test_settling_what_is_settled_changes_nothing() -> None:
    for values in ({}, {"model": "knn", "k": "3"}, {"search": "filters=8|16", "halving": True}):
        plan = settled(**values)
        again = settle(TuneSettings.from_dict(plan.settings.to_dict()))
        assert (again.space, again.stages) == (plan.space, plan.stages)
        assert again.settings.to_dict() == plan.settings.to_dict()


def test_the_notes_way_is_coarse_then_fine_then_the_best_again() -> None:
    stages = [(each.name, each.runs, each.epochs) for each in planned(random=50).stages]
    assert stages == [("coarse", 30, 2), ("fine", 20, 10), ("repeats", 9, 10)]
    assert [each.name for each in planned(repeats=0).stages] == ["coarse", "fine"]


def test_a_grid_has_as_many_trials_as_combinations() -> None:
    search = "learning_rate=1e-3..1e-1 log, optimizer=adam|sgd|nesterov"
    plan = planned(grid=True, points=4, search=search)
    assert [each.runs for each in plan.stages[:2]] == [prod((4, 3))] * 2
    assert plan.stages[0].what.startswith("all combinations")


@pytest.mark.parametrize(
    ("values", "runs", "words"),
    [
        ({"stages": "9x1,2x5", "repeats": 2}, 6, "the best 3 settings, each learned with 2"),
        ({"stages": "1x1,1x5", "repeats": 3}, 6, "the best 2 settings, each learned with 3"),
        ({"random": 1, "repeats": 1}, 1, "the best settings, learned with 1 other seed"),
        ({"model": "knn", "random": 2}, 6, "the best 2 settings"),
    ],
)
def test_no_more_settings_are_repeated_than_are_tried(
    values: dict[str, Any], runs: int, words: str
) -> None:
    *_, repeats = planned(**values).stages
    assert (repeats.kind, repeats.runs) == ("repeats", runs)
    assert repeats.what.startswith(words)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=30)
@given(seed=st.integers(0, 1000))
def test_whatever_is_drawn_by_default_is_a_configuration(model: str, seed: int) -> None:
    plan = settled(model=model)
    params = draw(plan.space, seed, 0, 0)
    config = with_params(plan.settings.model, params)
    assert {name: str(getattr(config, name)) for name in params} == {
        name: str(value) for name, value in params.items()
    }
