"""The laws of the configuration: what is allowed becomes one, everything else says why not."""

import math
import tomllib
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import (
    MODELS,
    UNSAID,
    DataConfig,
    KnnConfig,
    LearningConfig,
    NetworkConfig,
    RunConfig,
    TrainConfig,
    TuneConfig,
    TuneSettings,
    flag,
    settable,
)
from cvtool.errors import UsageError

BOUNDED = [each for each in fields(TrainConfig) if each.type in (int, float, int | None)]


def test_defaults_are_allowed() -> None:
    assert TrainConfig().to_dict()


def test_configuration_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        TrainConfig().epochs = 3  # type: ignore[misc]


def test_training_has_the_fields_of_all_its_parts_once() -> None:
    parts = (DataConfig, NetworkConfig, LearningConfig, RunConfig)
    names = [each.name for part in parts for each in fields(part)]
    assert [each.name for each in fields(TrainConfig)] == names
    assert len(set(names)) == len(names)


@given(
    epochs=st.integers(1, 1000),
    learning_rate=st.floats(0, 10),
    optimizer=st.sampled_from(["sgd", "adam"]),
    clip=st.none() | st.floats(0.1, 10),
    arch=st.none() | st.text(),
)
def test_plain_values_make_the_same_configuration_again(**choices: Any) -> None:
    config = TrainConfig(**choices)
    assert TrainConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("field", BOUNDED, ids=lambda each: each.name)
def test_numbers_beyond_their_bounds_are_refused_by_name(field: Any) -> None:
    rules = field.metadata
    beyond = [rules["low"] - 1 if rules["low"] is not None else rules["above"]]
    if rules["high"] is not None or rules["below"] is not None:
        beyond.append(rules["high"] + 1 if rules["high"] is not None else rules["below"])
    for value in beyond:
        with pytest.raises(UsageError, match=f"^{flag(field.name)} takes a number of .*{value}"):
            TrainConfig(**{field.name: value})


@pytest.mark.parametrize("field", BOUNDED, ids=lambda each: each.name)
def test_inclusive_bounds_are_allowed(field: Any) -> None:
    for name in ("low", "high"):
        if field.metadata[name] is not None:
            config = TrainConfig(**{field.name: field.metadata[name]})
            assert getattr(config, field.name) == field.metadata[name]


def test_not_a_number_is_refused() -> None:
    with pytest.raises(UsageError, match="--learning-rate takes a number, not nan"):
        TrainConfig(learning_rate=math.nan)


@pytest.mark.parametrize(
    ("choice", "hint"),
    [
        ({"optimizer": "adma"}, "did you mean 'adam'"),
        ({"optimizer": "zzz"}, "choose one of sgd, momentum"),
        ({"dtype": "float16"}, "did you mean 'float"),
    ],
)
def test_unknown_words_name_the_nearest(choice: dict[str, Any], hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        TrainConfig(**choice)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epohcs": 3}, "run.toml has no setting 'epohcs': did you mean 'epochs'?"),
        ({"epochs": "3"}, "run.toml: 'epochs' takes a whole number, not '3'"),
        ({"epochs": 3.0}, "'epochs' takes a whole number, not 3.0"),
        ({"epochs": True}, "'epochs' takes a whole number, not True"),
        ({"dataset": 5}, "'dataset' takes text, not 5"),
        ({"clip": "x"}, "'clip' takes a number, not 'x'"),
    ],
)
def test_files_are_held_to_names_and_types(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        TrainConfig.from_dict(values, source="run.toml")
    assert words in str(caught.value)


def test_whole_numbers_may_stand_for_others() -> None:
    assert TrainConfig.from_dict({"learning_rate": 1}).learning_rate == 1


def test_every_choice_explains_itself() -> None:
    assert all(each.metadata["help"] for each in fields(TrainConfig))


CHOSEN: dict[str, dict[str, Any]] = {
    "cnn": {"k": 2, "arch": "lenet", "clip": 0.5, "filters": "8,16", "learning_rate": 0.1},
    "linear": {"margin": 2.0, "loss": "svm", "epochs": 3, "seed": 7},
    "knn": {"k": "3", "metric": "l2", "folds": 4, "limit": 100},
}


@pytest.mark.parametrize("model", MODELS)
def test_a_study_is_read_from_plain_values_and_from_texts(model: str) -> None:
    values = {"model": model, "random": 7, **CHOSEN[model]}
    texts = {**values, **{name: str(value) for name, value in CHOSEN[model].items()}}
    settings = TuneSettings.from_dict(texts)
    assert settings == TuneSettings.from_dict(values)
    assert settings.tune == TuneConfig(model=model, random=7)
    assert settings.model == MODELS[model](**CHOSEN[model])
    assert settings.said == CHOSEN[model].keys()


@pytest.mark.parametrize("model", MODELS)
def test_a_study_comes_back_from_a_file(model: str) -> None:
    settings = TuneSettings.from_dict({"model": model, "workers": 2, **CHOSEN[model]})
    written = tomli_w.dumps(settings.to_dict())
    again = TuneSettings.from_dict(tomllib.loads(written))
    assert (again.tune, again.model) == (settings.tune, settings.model)
    assert tomli_w.dumps(again.to_dict()) == written


def test_what_is_left_to_trials_is_not_written_down() -> None:
    settings = TuneSettings(
        TuneConfig(model="knn"), KnnConfig(k="3"), searched=frozenset({"metric"})
    )
    written = settings.to_dict()
    assert "metric" not in written
    assert written["k"] == "3"
    assert TuneSettings.from_dict(written).said >= {"k"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epohcs": 3}, "study.toml has no setting 'epohcs': did you mean 'epochs'?"),
        ({"randon": 3}, "study.toml has no setting 'randon': did you mean 'random'?"),
        ({"zzz": 3}, "study.toml has no setting 'zzz': leave it out"),
        ({"margin": 2}, "--margin is of --model linear, and --model cnn has none: leave it out"),
        ({"metric": "l1"}, "--metric is of --model knn, and --model cnn has none"),
        ({"model": "knn", "epochs": 3}, "--epochs is of --model cnn and linear, and --model knn"),
        ({"model": "linear", "arch": "lenet"}, "--arch is of --model cnn, and --model linear"),
        ({"model": "forest"}, "--model does not know 'forest'"),
        ({"epochs": "many"}, "--epochs takes a whole number, not 'many'"),
        ({"epochs": 0}, "--epochs takes a number of at least 1, not 0"),
        ({"epochs": "0"}, "--epochs takes a number of at least 1, not 0"),
        ({"random": "5"}, "study.toml: 'random' takes a whole number, not '5'"),
        ({"arch": 5}, "study.toml: 'arch' takes text, not 5"),
        ({"name": "mine"}, "study.toml has no setting 'name'"),
        ({"model": "knn", "split": "test"}, "study.toml has no setting 'split'"),
    ],
)
def test_studies_are_held_to_names_and_types(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        TuneSettings.from_dict(values, source="study.toml")
    assert words in str(caught.value)


@pytest.mark.parametrize("model", MODELS)
def test_a_study_has_all_settings_of_its_model_but_some(model: str) -> None:
    names = {each.name for each in fields(MODELS[model])}
    assert settable(MODELS[model]) == names - UNSAID
    shared = settable(MODELS[model]) & {each.name for each in fields(TuneConfig)}
    assert not shared, "no one could tell whose they are"
