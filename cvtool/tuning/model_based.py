"""Settings proposed by a model of what earlier trials reached, through Optuna.

A stage is proposed whole, from the stages before it alone: proposals of the same stage know of each
other, but not what comes of them. They are therefore the same for any number of workers.

Optuna sees places from 0 to 1 and numbers of choices, so that ranges are as in every other stage.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from math import ceil, isfinite
from typing import Any

from threadpoolctl import threadpool_limits

from cvtool.records import TrialRecord
from cvtool.seeds import stream
from cvtool.tuning.dimension import Choice, Dimension, Range
from cvtool.tuning.installed import NEEDED, Sampler, check_installed
from cvtool.tuning.sampling import draw
from cvtool.tuning.space import Params, Space

FEWEST = 4
"""Trials that have to be known; settings are drawn at random before."""


def propose(
    sampler: Sampler,
    space: Space,
    history: Sequence[TrialRecord],
    count: int,
    seed: int,
    stage: int,
) -> list[Params]:
    """Propose the settings of a stage: the first of many are those of few.

    Parameters
    ----------
    sampler
        ``tpe``: tree-structured Parzen estimator (Bergstra et al. 2011). ``gp``: Gaussian process,
        where what is proposed counts as being tried. ``cmaes``: the first generation of CMA-ES,
        warmly started (Nomura et al. 2021); its choices are drawn at random.
    history
        Finished trials, whose accuracies have to be comparable. Those outside of the space count
        for nothing, those without an accuracy as the worst. With fewer than ``FEWEST``, or without
        two different accuracies, settings are drawn at random.

    Raises
    ------
    UsageError
        If a library is missing that the sampler needs.
    """
    check_installed(sampler)
    known = [trial for trial in history if _inside(space, trial.params)]
    values = _values(known)
    if len(known) < FEWEST or len(set(values)) < 2:
        return [draw(space, seed, stage, number) for number in range(count)]
    with _quiet(sampler):
        study = _study(sampler, space, list(zip(known, values, strict=True)), seed, stage)
        return [_ask(study, space) for _ in range(count)]


def _study(
    sampler: Sampler,
    space: Space,
    known: Sequence[tuple[TrialRecord, float]],
    seed: int,
    stage: int,
) -> Any:
    """Tell Optuna of the trials that are known."""
    from optuna import create_study

    ranges = Space(tuple(each for each in space if isinstance(each, Range)))
    chance = int(stream(seed, "tune", stage, sampler).integers(2**31))
    made = _made(sampler, chance, [_told(ranges, *each) for each in known])
    study = create_study(sampler=made, direction="maximize")
    study.add_trials([_told(space, *each) for each in known])
    return study


def _made(sampler: Sampler, seed: int, ranges: Sequence[Any]) -> Any:
    """Return Optuna's sampler; ``ranges`` are the known trials without their choices."""
    from optuna import samplers

    shared: dict[str, Any] = {"seed": seed, "n_startup_trials": 1}
    if sampler == "tpe":
        return samplers.TPESampler(**shared, multivariate=True, constant_liar=True)
    if sampler == "gp":
        return samplers.GPSampler(**shared)
    enough = ceil(10 / len(ranges))  # it begins around the best tenth, which has to be one at least
    return samplers.CmaEsSampler(**shared, source_trials=[*ranges] * enough)


def _told(space: Space, trial: TrialRecord, value: float) -> Any:
    """Return a trial as Optuna knows it."""
    from optuna.trial import create_trial

    return create_trial(
        params={each.name: _seen(each, trial.params[each.name]) for each in space},
        distributions={each.name: _distribution(each) for each in space},
        value=value,
    )


def _ask(study: Any, space: Space) -> Params:
    trial = study.ask({each.name: _distribution(each) for each in space})
    return {each.name: _value(each, trial.params[each.name]) for each in space}


def _distribution(each: Dimension) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if isinstance(each, Choice):
        return CategoricalDistribution(range(len(each.values)))
    return FloatDistribution(0, 1)


def _seen(each: Dimension, value: Any) -> float:
    """Return a value as Optuna sees it."""
    return each.values.index(value) if isinstance(each, Choice) else each.place(value)


def _value(each: Dimension, seen: Any) -> Any:
    return each.values[seen] if isinstance(each, Choice) else each.at(seen)


def _inside(space: Space, params: Mapping[str, Any]) -> bool:
    """Tell whether a trial could have been drawn from the space."""
    return all(each.name in params and _holds(each, params[each.name]) for each in space)


def _holds(each: Dimension, value: Any) -> bool:
    if isinstance(each, Choice):
        return value in each.values
    return bool(each.low <= value <= each.high)


def _values(known: Sequence[TrialRecord]) -> list[float]:
    """Return accuracies, the worst of them for trials that have none."""
    worst = min((each.val_accuracy for each in known if isfinite(each.val_accuracy)), default=0.0)
    return [each.val_accuracy if isfinite(each.val_accuracy) else worst for each in known]


@contextmanager
def _quiet(sampler: Sampler) -> Iterator[None]:
    """Keep libraries from talking, and sums in one order whatever the number of threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module, _ in NEEDED[sampler]:  # before the limit, which is for what is there
            import_module(module)
        talk = import_module("optuna.logging")
        before = talk.get_verbosity()
        talk.set_verbosity(talk.ERROR)
        try:
            with threadpool_limits(1):
                yield
        finally:
            talk.set_verbosity(before)
