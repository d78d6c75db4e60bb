"""Settings drawn at random, or on a grid (notes §6.6: of the two, random ones see more values)."""

from itertools import product
from math import prod

from cvtool.errors import UsageError
from cvtool.seeds import stream
from cvtool.tuning.space import Params, Space

MOST_COMBINATIONS = 100_000


def draw(space: Space, seed: int, stage: int, number: int) -> Params:
    """Draw the settings of one trial.

    Each dimension has random numbers of its own: what it draws does not depend on which others
    there are.
    """
    return {
        each.name: each.at(stream(seed, "tune", stage, number, each.name).random())
        for each in space
    }


def grid(space: Space, points: int) -> list[Params]:
    """Combine all values of choices and ``points`` values of each range; the last varies fastest.

    Raises
    ------
    UsageError
        If there are more than ``MOST_COMBINATIONS``.
    """
    axes = [each.points(points) for each in space]
    combinations = prod(map(len, axes))
    if combinations > MOST_COMBINATIONS:
        raise UsageError(
            f"--grid tries at most {MOST_COMBINATIONS:,} combinations, not {combinations:,}: take "
            f"fewer --points than {points}, or search fewer settings"
        )
    return [dict(zip(space.names, values, strict=True)) for values in product(*axes)]
