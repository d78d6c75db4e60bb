"""How the learning rate changes over a run.

A shape is a pure function from progress, 0 at the first step and 1 after the last, to a factor of
the highest rate. It begins where a warm-up, if there is one, ends.
"""

from collections.abc import Callable, Mapping
from math import cos, pi

from cvtool.config import LearningConfig

Shape = Callable[[float], float]
Schedule = Callable[[int], float]
"""``global step, from 0 → learning rate``."""

RISE = 0.3
FIRST = 1 / 25


def constant(_progress: float) -> float:
    """Stay at 1."""
    return 1.0


def cosine(progress: float) -> float:
    """Go from 1 to 0 along half a cosine (Loshchilov and Hutter 2017)."""
    return (1 + cos(pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Rise from 1/25 to 1 over the first 30 %, then go down to 0 along a cosine (Smith 2018)."""
    if progress < RISE:
        return FIRST + (1 - FIRST) * progress / RISE
    return cosine((progress - RISE) / (1 - RISE))


def make_schedule(config: LearningConfig, steps_per_epoch: int) -> Schedule:
    """Return the learning rate as a function of the global step.

    Over ``config.warmup`` epochs the rate rises from 0 in equal steps to where the schedule begins.
    Drops of the step schedule are counted in epochs from the start of the run, warm-up included.

    Parameters
    ----------
    config
        Gives learning rate, schedule, epochs and warm-up.
    steps_per_epoch
        Batches in an epoch, at least 1.
    """
    total = config.epochs * steps_per_epoch
    warm = min(round(config.warmup * steps_per_epoch), total)

    def factor(step: int) -> float:
        if config.schedule == "step":
            return config.step_factor ** (step // (config.step_every * steps_per_epoch))
        return SHAPES[config.schedule]((step - warm) / max(total - warm, 1))

    def rate(step: int) -> float:
        rise = min(1.0, (step + 1) / warm) if warm else 1.0
        return config.learning_rate * rise * factor(max(step, warm))

    return rate


SHAPES: Mapping[str, Shape] = {"constant": constant, "cosine": cosine, "one-cycle": one_cycle}
