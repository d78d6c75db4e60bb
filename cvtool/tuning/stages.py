"""The plan of a study: coarse, then fine (notes §6.6), or halving again and again."""

import re
from dataclasses import dataclass

from cvtool.config import SHOW, TuneConfig
from cvtool.errors import UsageError
from cvtool.records import StageKind

COARSE_SHARE = 0.6
"""Share of the trials that look for where learning works at all."""

COARSE_EPOCHS = 0.2
"""Share of the epochs that this takes."""

FEWEST_STAGED = 5
"""Fewer trials than these are learned to the end at once: there is nothing to narrow down."""

MODEL_SHARE, MODEL_ROUNDS = 0.4, 3
"""With a model of the objective: share of the coarse trials, and how often the model is told."""

ETA = 3
"""Successive halving keeps one in so many, and trains them for so many times the epochs
(Jamieson and Talwalkar 2016; Li et al. 2018)."""

MOST_TRIALS = 100_000

_ITEM = re.compile(r"(\d{1,6})(?:\s*[x×]\s*(\d{1,6}))?")


@dataclass(frozen=True)
class Stage:
    """Trials that are carried out together, none of which sees what comes of another.

    ``trials`` is None where a grid says how many there are; ``epochs`` is 0 where nothing is
    learned; a stage that ``narrows`` searches around what survived the one before.
    """

    name: str
    kind: StageKind
    trials: int | None
    epochs: int
    narrows: bool = False

    @property
    def stops_early(self) -> bool:
        """Whether hopeless trials are given up: later ones are to be seen to their end."""
        return self.kind == "coarse" and self.epochs > 0


def plan(config: TuneConfig, epochs: int) -> tuple[Stage, ...]:
    """Lay out the stages in which new settings are tried.

    Parameters
    ----------
    config
        How to search.
    epochs
        How long the winner is to learn; 0 where nothing is learned.

    Raises
    ------
    UsageError
        If ``--stages`` is no plan, or cannot be one of this model, or of a grid.
    """
    _check_together(config, epochs)
    if config.stages is not None and config.stages != SHOW:
        steps = _read(config, epochs)
    elif config.halving:
        steps = _rungs(config.random, epochs)
    else:
        steps = _coarse_to_fine(config, epochs)
    return _named(steps, config)


def _check_together(config: TuneConfig, epochs: int) -> None:
    """Refuse what contradicts itself."""
    if config.halving and not epochs:
        raise UsageError(
            f"--halving shares epochs out, and --model {config.model} has none: leave it out"
        )
    if config.halving and config.sampler != "random":
        raise UsageError(
            f"--halving goes on with settings that were drawn before, and --sampler "
            f"{config.sampler} proposes new ones: leave one of them out"
        )
    if config.grid and (config.halving or config.sampler != "random"):
        other = "--halving" if config.halving else f"--sampler {config.sampler}"
        raise UsageError(
            f"--grid tries all combinations, and {other} says otherwise: leave one of them out"
        )


def _coarse_to_fine(config: TuneConfig, epochs: int) -> list[tuple[int, int]]:
    trials = config.random
    few = max(1, round(epochs * COARSE_EPOCHS)) if epochs else 0
    if config.grid:
        return [(0, few), (0, epochs)]
    if trials < FEWEST_STAGED:
        return [(trials, epochs)]
    if config.sampler == "random":
        coarse = round(trials * COARSE_SHARE)
        return [(coarse, few), (trials - coarse, epochs)]
    coarse = round(trials * MODEL_SHARE)
    rounds = min(MODEL_ROUNDS, trials - coarse)
    rest = trials - coarse
    fine = [rest // rounds + (each < rest % rounds) for each in range(rounds)]
    return [(coarse, few), *((each, epochs) for each in fine)]


def _rungs(trials: int, epochs: int) -> list[tuple[int, int]]:
    """Begin with as few epochs as leaves three settings, or one epoch, at the other end."""
    rungs = [(trials, epochs)]
    while rungs[0][1] > 1 and trials // ETA ** len(rungs) >= ETA:
        longer = rungs[0][1]
        rungs = [(trials, -(-longer // ETA)), *((max(1, n // ETA), e) for n, e in rungs)]
    return rungs


def _read(config: TuneConfig, epochs: int) -> list[tuple[int, int]]:
    text = config.stages or ""
    if config.grid:
        raise UsageError(
            "--stages says how many trials there are, and so does --grid: leave one of them out"
        )
    return [_step(word.strip(), config, epochs) for word in text.split(",")]


def _step(word: str, config: TuneConfig, epochs: int) -> tuple[int, int]:
    """Read one stage of ``--stages``."""
    found = _ITEM.fullmatch(word)
    if found is None:
        form = "30x2,20x10" if epochs else "30,20"
        raise UsageError(
            f"--stages takes {SHOW}, or trials{' x epochs' if epochs else ''} of each stage, as "
            f"{form}, not '{word}'"
        )
    if found[2] is not None and not epochs:
        raise UsageError(
            f"--stages {word}: --model {config.model} learns no epochs, so say trials alone, as "
            f"{found[1]}"
        )
    step = int(found[1]), int(found[2]) if found[2] is not None else epochs
    if not 1 <= step[0] <= MOST_TRIALS or (epochs and step[1] < 1):
        raise UsageError(
            f"--stages takes from 1 to {MOST_TRIALS:,} trials and at least 1 epoch, not '{word}'"
        )
    return step


def _named(steps: list[tuple[int, int]], config: TuneConfig) -> tuple[Stage, ...]:
    """Name the stages: coarse, fine; and by a number where there are several fine ones."""
    later: StageKind = "halving" if config.halving else "fine"
    stages = []
    for place, (trials, epochs) in enumerate(steps):
        kind: StageKind = "coarse" if place == 0 and len(steps) > 1 else later
        name = kind if kind == "coarse" or len(steps) <= 2 else f"{kind} {place}"
        narrows = later == "fine" and (place == 1 or (place > 1 and config.sampler == "random"))
        stages.append(Stage(name, kind, None if config.grid else trials, epochs, narrows))
    return tuple(stages)
