"""The laws of the configuration: what is allowed becomes one, everything else says why not."""

import math
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.config import (
    DataConfig,
    LearningConfig,
    NetworkConfig,
    RunConfig,
    TrainConfig,
    flag,
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
