"""Who proposes settings: chance, a grid, or a model of what was seen before."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from cvtool.config import TuneConfig
from cvtool.records import TrialRecord
from cvtool.tuning.installed import Sampler, check_installed
from cvtool.tuning.model_based import propose
from cvtool.tuning.sampling import draw, grid
from cvtool.tuning.space import Params, Space, identity

_MOST_MISSES = 100
"""Draws in a row that were there before, after which all there is has been drawn."""

Proposer = Callable[[Space, Sequence[TrialRecord], int, int | None], list[Params]]
"""``(space, what was seen before, number of the stage, how many) → settings``."""


def proposer_of(config: TuneConfig, seed: int) -> Proposer:
    """Return who proposes settings, as the configuration says.

    Raises
    ------
    UsageError
        If a library is missing for that.
    """
    if config.grid:
        return partial(_combine, config.points)
    if config.sampler == "random":
        return partial(_draw, seed)
    sampler = cast(Sampler, config.sampler)
    check_installed(sampler)
    return partial(_model, sampler, seed)


def _combine(
    points: int, space: Space, seen: Sequence[TrialRecord], stage: int, count: int | None
) -> list[Params]:
    del seen, stage, count
    return grid(space, points)


def _draw(
    seed: int, space: Space, seen: Sequence[TrialRecord], stage: int, count: int | None
) -> list[Params]:
    """Draw settings, each once: fewer than asked for where there are no more."""
    del seen
    drawn: dict[str, Params] = {}
    number = misses = 0
    while len(drawn) < (count or 0) and misses < _MOST_MISSES:
        params = draw(space, seed, stage, number)
        misses = misses + 1 if identity(params) in drawn else 0
        drawn.setdefault(identity(params), params)
        number += 1
    return list(drawn.values())


def _model(
    sampler: Sampler,
    seed: int,
    space: Space,
    seen: Sequence[TrialRecord],
    stage: int,
    count: int | None,
) -> list[Params]:
    if not seen:
        return _draw(seed, space, seen, stage, count)
    return propose(sampler, space, seen, count or 0, seed, stage)
