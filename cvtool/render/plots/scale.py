"""Where values lie between the ends of an axis, and what is written beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log, log10

import numpy as np
from matplotlib.ticker import MaxNLocator

from cvtool.records import SearchedAxis, TrialMark

Bend = Callable[[float], float]

TICKS = 5
"""Most values to be written beside an axis."""

LEAST_ERROR = 0.005
"""Half of an error rate below which differences are shown no larger."""

SHOWN_FROM = 10
"""Percentile of the accuracies at which their axis begins where there are many of them."""

MANY = 10
ROUND_SHARES = (*(each / 10 for each in range(10)), 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0)
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Tick:
    """A value written beside an axis, and where."""

    place: float
    words: str


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high`` as places from 0 to 1, spread evenly once they are bent."""

    low: float
    high: float
    bend: Bend

    def place(self, value: float) -> float:
        """Return the place of a value; the middle where there is but one."""
        first, last = self.bend(self.low), self.bend(self.high)
        return (self.bend(value) - first) / (last - first) if last > first else 0.5

    def ticks(self, values: Sequence[float], spell: Callable[[float], str]) -> tuple[Tick, ...]:
        """Write those of some values that lie on the axis."""
        slack = 1e-9 * (abs(self.low) + abs(self.high))
        inside = [each for each in values if self.low - slack <= each <= self.high + slack]
        return tuple(Tick(self.place(each), spell(each)) for each in inside)


def searched_scale(axis: SearchedAxis, values: Sequence[float]) -> Scale:
    """Make the scale of a hyperparameter that reaches over all values, and all that was searched.

    Words have as much room each.
    """
    if axis.words:
        return Scale(-0.5, len(axis.words) - 0.5, float)
    low, high = min([axis.low, *values]), max([axis.high, *values])
    return Scale(low, high, log if axis.log and low > 0 else float)


def searched_ticks(axis: SearchedAxis, scale: Scale) -> tuple[Tick, ...]:
    """Write words, or round numbers."""
    if axis.words:
        return tuple(Tick(scale.place(at), word) for at, word in enumerate(axis.words))
    numbers = _powers(scale.low, scale.high) if scale.bend is log else []
    if len(numbers) < 2:
        numbers = _even(scale.low, scale.high, is_whole=axis.whole)
    return scale.ticks(numbers, _brief)


def accuracy_scale(accuracies: Sequence[float]) -> Scale:
    """Make a scale on which the best accuracies lie as far apart as their errors differ in ratio.

    98 and 99 % differ as much as 50 and 75 % do: in half the errors. The lowest of many accuracies
    are left out, so that the failures do not squash what matters.
    """
    known = [each for each in accuracies if isfinite(each)] or [0.0, 1.0]
    high = max(known)
    low = float(np.percentile(known, SHOWN_FROM)) if len(known) >= MANY else min(known)
    if high - low < 0.002:
        low, high = max(0.0, low - 0.01), min(1.0, high + 0.01)
    least = max((1 - high) / 2, LEAST_ERROR)
    return Scale(low, high, lambda accuracy: -log(max(1 - accuracy, 0.0) + least))


def accuracy_ticks(scale: Scale) -> tuple[Tick, ...]:
    """Write round shares that lie well apart, the highest first; even ones on a short axis."""
    kept: list[float] = []
    for share in reversed(ROUND_SHARES):
        at = scale.place(share)
        if 0 <= at <= 1 and all(scale.place(each) - at > 0.6 / TICKS for each in kept):
            kept.append(share)
    if len(kept) < 3:
        kept = _even(scale.low, scale.high, is_whole=False)
    return scale.ticks(sorted(kept), lambda share: f"{100 * share:.4g}%")


def spread_place(axis: SearchedAxis, scale: Scale, value: float, number: int) -> float:
    """Return the place of a value, a little aside where many trials have the same.

    ``number`` tells trials apart: it decides how far aside.
    """
    place, aside = scale.place(value), (number * GOLDEN) % 1 - 0.5
    if axis.words:
        return place + aside * 0.5 / len(axis.words)
    return place + aside * 0.2 / (1 + axis.high - axis.low) if axis.whole else place


def places_across(
    axes: Sequence[SearchedAxis],
    scales: Sequence[Scale],
    accuracies: Scale,
    mark: TrialMark,
    number: int,
) -> list[float]:
    """Say where the line of a trial, the ``number``-th, crosses each axis, and that of accuracy."""
    places = [
        spread_place(axis, scale, value, number)
        for axis, scale, value in zip(axes, scales, mark.values, strict=True)
    ]
    return [*places, max(0.0, accuracies.place(mark.accuracy))]


def _powers(low: float, high: float) -> list[float]:
    """Powers of ten, or once, twice and five times those where there are few."""
    first, last = floor(log10(low)), ceil(log10(high))
    step = max(1, ceil((last - first) / TICKS))
    powers = [10.0**each for each in range(first, last + 1, step)]
    inside = [each for each in powers if low <= each * (1 + 1e-9) and each <= high * (1 + 1e-9)]
    if len(inside) >= 3:
        return inside
    finer = [factor * each for each in powers for factor in (1, 2, 5)]
    return [each for each in finer if low <= each * (1 + 1e-9) and each <= high * (1 + 1e-9)]


def _even(low: float, high: float, *, is_whole: bool) -> list[float]:
    if low == high:
        return [low]
    locator = MaxNLocator(TICKS - 1, integer=is_whole, steps=[1, 2, 2.5, 5, 10])
    return [float(each) for each in locator.tick_values(low, high)]


def _brief(value: float) -> str:
    """Write a number in few letters: ``1e-5``."""
    return f"{value:.3g}".replace("e-0", "e-").replace("e+0", "e")
