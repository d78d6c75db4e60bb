"""What can be chosen where hyperparameters are searched, and what is held while they are."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Self

from cvtool.config.choosing import Config, flag, kind, option, same
from cvtool.config.linear import LinearConfig
from cvtool.config.neighbors import KnnConfig, NeighborsConfig, check_cluster
from cvtool.config.training import TrainConfig
from cvtool.errors import UsageError

SAMPLERS = ("random", "tpe", "gp", "cmaes")
SHOW = "show"
"""What ``--stages`` takes to show the plan and stop."""

Model = TrainConfig | LinearConfig | KnnConfig

MODELS: dict[str, type[Model]] = {"cnn": TrainConfig, "linear": LinearConfig, "knn": KnnConfig}
"""What can be tuned: the configuration of the command that does it once."""

UNSAID = frozenset({"name", "time_limit", "keep_every", "grid", "cluster", "split", "explain"})
"""What these commands can be told and a study cannot: it is of the study, or makes it unrepeatable,
or needs a run folder, which trials have none of, or opens the test set."""


@dataclass(frozen=True, kw_only=True)
class TuneConfig(Config):
    """How to search."""

    model: str = option("cnn", "what is tuned", choices=MODELS)
    search: str | None = option(
        None,
        'what is searched, as "learning_rate=1e-4..1e-1 log, filters=16|32", or a TOML file of it',
        metavar="RANGES|FILE",
    )
    random: int = option(50, "trials of settings drawn at random", low=1, high=100_000)
    grid: bool = option(False, "try all combinations of evenly spaced values instead")
    points: int = option(3, "values of each range in a grid", low=2, high=100)
    sampler: str = option(
        "random", "who proposes settings; all but random need Optuna", choices=SAMPLERS
    )
    stages: str | None = option(
        None,
        "TRIALSxEPOCHS of each stage, as 30x2,20x10; show tells the plan and stops",
        metavar="PLAN|show",
    )
    halving: bool = option(
        False, "go on with the best third for three times the epochs, again and again"
    )
    repeats: int = option(3, "seeds to learn the best settings with once more", low=0, high=100)
    no_extend: bool = option(False, "never search beyond the ranges")
    workers: int | None = option(
        None, "processes that share the threads; one a processor unless said", low=1, high=256
    )
    cluster: str | None = same(
        NeighborsConfig,
        "cluster",
        help="let dask workers do the trials: tcp://HOST:PORT, or local:N for N here",
    )
    study: str | None = option(None, "name of the study's folder")

    def __post_init__(self) -> None:
        """Hold the fields to their bounds, and an address to its form.

        Raises
        ------
        UsageError
            Naming the option, its rule, the value given and what would do.
        """
        super().__post_init__()
        check_cluster(self.cluster)


@dataclass(frozen=True)
class TuneSettings:
    """All that ``tune`` needs to know: how to search, and the model with what is not searched.

    ``said`` are the names of the model's settings that somebody chose, ``searched`` of those that
    trials choose.
    """

    tune: TuneConfig
    model: Model
    said: frozenset[str] = frozenset()
    searched: frozenset[str] = frozenset()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str = "the configuration") -> Self:
        """Build settings from plain values; those of the model may be texts, to be read.

        Raises
        ------
        UsageError
            If a name is unknown, a type does not fit, or a value is out of bounds.
        """
        own = {each.name for each in fields(TuneConfig)}
        tune = TuneConfig.from_dict(
            {name: value for name, value in values.items() if name in own}, source=source
        )
        chosen = {name: value for name, value in values.items() if name not in own}
        config = MODELS[tune.model]
        _check_known(chosen, tune.model, source)
        return cls(tune, config.from_dict(_read(config, chosen), source=source), frozenset(chosen))

    def to_dict(self) -> dict[str, Any]:
        """All settings by name, in one table, without those left open, or to trials."""
        left_out = UNSAID | self.searched
        values = self.model.to_dict().items()
        return self.tune.to_dict() | {name: each for name, each in values if name not in left_out}


def settable(config: type[Model]) -> frozenset[str]:
    """Name the settings of a model that a study can hold, or search."""
    return frozenset(each.name for each in fields(config)) - UNSAID


def _check_known(chosen: Mapping[str, Any], model: str, source: str) -> None:
    """Hold what was chosen to what the model has; say whose it is otherwise."""
    known = settable(MODELS[model])
    for name in chosen:
        if name in known:
            continue
        others = [other for other, config in MODELS.items() if name in settable(config)]
        if others:
            raise UsageError(
                f"{flag(name)} is of --model {' and '.join(others)}, and --model {model} has none: "
                f"leave it out"
            )
        near = get_close_matches(name, known | {each.name for each in fields(TuneConfig)}, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "leave it out"
        raise UsageError(f"{source} has no setting '{name}': {hint}")


def _read(config: type[Model], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Read texts where something else is needed."""
    kinds = {each.name: kind(each) for each in fields(config)}
    texts = {
        name: value
        for name, value in chosen.items()
        if isinstance(value, str) and kinds[name] is not str
    }
    return {**chosen, **config.from_texts(texts)}
