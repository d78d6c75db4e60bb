"""One hyperparameter: a range of numbers or a choice of words, seen as places from 0 to 1.

Whoever draws, narrows or judges values thinks in places: over them settings are spread evenly, on a
logarithmic range as on a linear one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, floor, log
from typing import Any, Self

DIGITS = 4
"""Digits of a value that is drawn: more would not matter, and could not be read."""


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included; ``whole`` ones, or evenly spread in ``log``.

    ``bounds`` are those of the setting itself, which no extension may leave.
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    bounds: tuple[float, float] = (float("-inf"), float("inf"))

    def at(self, place: float) -> Any:
        """Return the value at a place from 0 to 1."""
        first, last = self._scale(self.low - self._half), self._scale(self.high + self._half)
        value = self._unscale(first + place * (last - first))
        if self.whole:
            return int(min(max(floor(value + 0.5), self.low), self.high))
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)

    def place(self, value: float) -> float:
        """Return the place of a value; beyond 0 or 1 if it is outside of the range."""
        first, last = self._scale(self.low - self._half), self._scale(self.high + self._half)
        return (self._scale(value) - first) / (last - first) if last > first else 0.5

    def points(self, count: int) -> tuple[Any, ...]:
        """Return values evenly spread from end to end, fewer if there are not as many."""
        first, last = self._scale(self.low), self._scale(self.high)
        steps = [first + (last - first) * each / max(count - 1, 1) for each in range(count)]
        values = [self._unscale(each) for each in steps]
        if self.whole:
            return tuple(dict.fromkeys(floor(value + 0.5) for value in values))
        rounded = [float(f"{value:.{DIGITS}g}") for value in values]
        return tuple(dict.fromkeys(min(max(each, self.low), self.high) for each in rounded))

    def between(self, first: float, last: float) -> Self:
        """Return the range from one place to another, which may lie beyond 0 and 1."""
        low, high = self._value(first), self._value(last)
        return replace(self, low=max(low, self.bounds[0]), high=min(high, self.bounds[1]))

    def _value(self, place: float) -> float:
        first, last = self._scale(self.low), self._scale(self.high)
        value = float(f"{self._unscale(first + place * (last - first)):.{DIGITS}g}")
        return float(round(value)) if self.whole else value

    @property
    def _half(self) -> float:
        """Half of what a whole number takes: each of them is as likely, those at the ends too."""
        return 0.5 if self.whole else 0.0

    def _scale(self, value: float) -> float:
        return log(value) if self.log else value

    def _unscale(self, value: float) -> float:
        return exp(value) if self.log else value


@dataclass(frozen=True)
class Choice:
    """One of several values that have no order."""

    name: str
    values: tuple[Any, ...]

    def at(self, place: float) -> Any:
        """Return the value at a place from 0 to 1."""
        return self.values[min(int(place * len(self.values)), len(self.values) - 1)]

    def place(self, value: Any) -> float:
        """Return the middle of the places of a value."""
        return (self.values.index(value) + 0.5) / len(self.values)

    def points(self, count: int) -> tuple[Any, ...]:
        """Return all values."""
        del count
        return self.values

    def among(self, values: Sequence[Any]) -> Self:
        """Return the choice of those of its values that are named."""
        return replace(self, values=tuple(each for each in self.values if each in values))


Dimension = Range | Choice
