"""What a run may be of: the settings each command takes, and the record it ends in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from cvtool.config import (
    MODELS,
    CheckConfig,
    Config,
    KnnConfig,
    LinearConfig,
    ShowConfig,
    TrainConfig,
    TuneConfig,
)
from cvtool.records import (
    DataCheck,
    DataShown,
    KnnResult,
    LinearResult,
    SanityResult,
    TrainResult,
    TuneResult,
)

Defaults = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class RunKind:
    """The record that a command's runs end in, and its defaults, given what was chosen."""

    result: type[Any]
    defaults: Defaults


def _defaults_of(config: type[Config]) -> Defaults:
    values = {each.name: each.default for each in fields(config)}
    return lambda _: values


def _defaults_of_study(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Name the defaults of a search, and of the model that is searched."""
    model = MODELS.get(str(chosen.get("model", TuneConfig.model)), TrainConfig)
    return {each.name: each.default for config in (model, TuneConfig) for each in fields(config)}


KINDS = {
    "train-cnn": RunKind(TrainResult, _defaults_of(TrainConfig)),
    "linear": RunKind(LinearResult, _defaults_of(LinearConfig)),
    "knn": RunKind(KnnResult, _defaults_of(KnnConfig)),
    "tune": RunKind(TuneResult, _defaults_of_study),
    "sanity-check": RunKind(SanityResult, _defaults_of(TrainConfig)),
    "data check": RunKind(DataCheck, _defaults_of(CheckConfig)),
    "data show": RunKind(DataShown, _defaults_of(ShowConfig)),
}
