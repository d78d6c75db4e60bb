"""One hyperparameter: a range of numbers or a choice of words, seen as places from 0 to 1.

Whoever draws, narrows or judges values thinks in places: over them settings are spread evenly, on a
logarithmic range as on a linear one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from math import ceil, exp, floor, log, log10
from typing import Any, Self

DIGITS = 4
"""Digits of a value that is drawn: more would not matter, and could not be read.

There are more of them where the ends of a range begin with the same ones.
"""

NARROWEST = 0.01
"""The smallest share of a range that is still a range to search."""


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included; ``whole`` ones, or evenly spread in ``log``.

    ``low`` is less than ``high``, and ``bounds``, those of the setting itself that no extension may
    leave, hold both of them. A whole number takes what lies within half of it: so each of them is
    as likely, those at the ends too.
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    bounds: tuple[float, float] = (float("-inf"), float("inf"))

    def at(self, place: float) -> Any:
        """Return the value at a place from 0 to 1."""
        return self._written(self._exact(place))

    def place(self, value: float) -> float:
        """Return the place of a value; beyond 0 or 1 if it is outside of the range.

        Where both ends have the same logarithm, all values are in the middle.
        """
        first, last = self._ends
        return (self._scale(value) - first) / (last - first) if first < last else 0.5

    def points(self, count: int) -> tuple[Any, ...]:
        """Return two values or more, evenly spread from end to end, if there are as many."""
        first, last = self._scale(self.low), self._scale(self.high)
        steps = [first + (last - first) * each / (count - 1) for each in range(1, count - 1)]
        inner = [self._written(self._unscale(each)) for each in steps]
        low, high = (int(end) if self.whole else end for end in (self.low, self.high))
        return tuple(dict.fromkeys([low, *inner, high]))

    def between(self, first: float, last: float) -> Self:
        """Return the range from one place to another, which may lie beyond 0 and 1.

        It is no narrower than two whole numbers, or a hundredth of this range; and it is this range
        again where nothing else is left within the bounds.
        """
        least = self.low if first >= 0 else self.bounds[0]
        most = self.high if last <= 1 else self.bounds[1]
        if self.whole:
            low, high = _whole_ends(self._exact(first), self._exact(last), least, most)
        else:
            first, last = _apart(first, last)
            low = max(self._rounded(self._exact(first), ROUND_FLOOR), least)
            high = min(self._rounded(self._exact(last), ROUND_CEILING), most)
        return replace(self, low=low, high=high) if low < high else self

    @property
    def _ends(self) -> tuple[float, float]:
        """Where the first value begins, and the last one ends, on the scale."""
        half = 0.5 if self.whole else 0.0
        return self._scale(self.low - half), self._scale(self.high + half)

    def _exact(self, place: float) -> float:
        first, last = self._ends
        return self._unscale(first + place * (last - first))

    def _written(self, value: float) -> Any:
        """Round to what is worth saying, within the range."""
        rounded = float(floor(value + 0.5)) if self.whole else self._rounded(value)
        within = min(max(rounded, self.low), self.high)
        return int(within) if self.whole else within

    def _rounded(self, value: float, how: str = ROUND_HALF_EVEN) -> float:
        """Round to the digits that are drawn, but for what arithmetic has added."""
        same = log10(max(abs(self.low), abs(self.high)) / (self.high - self.low))
        digits = DIGITS + max(ceil(same) - 1, 0)
        cleaned = f"{value:.{min(digits + 7, 17)}g}"
        return float(Context(prec=digits, rounding=how).create_decimal(cleaned))

    def _scale(self, value: float) -> float:
        return log(value) if self.log else value

    def _unscale(self, value: float) -> float:
        return exp(min(value, _LARGEST)) if self.log else value


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


def _apart(first: float, last: float) -> tuple[float, float]:
    """Part two places that are too near to each other, without leaving 0 to 1 for that."""
    missing = NARROWEST - (last - first)
    if missing <= 0:
        return first, last
    low = first - missing / 2
    if first >= 0 and last <= 1:
        low = min(max(low, 0.0), 1.0 - NARROWEST)
    return low, low + NARROWEST


def _whole_ends(first: float, last: float, least: float, most: float) -> tuple[float, float]:
    """Return the first and the last whole number between two numbers; two of them at least."""
    middle = floor((first + last) / 2)
    low = min(max(min(ceil(first - _TINY), middle), least), most - 1)
    high = max(floor(last + _TINY), low + 1)
    return float(low), float(min(high, most))


_TINY = 1e-6
"""What arithmetic may add to a whole number or take from it."""

_LARGEST = 700.0
"""The logarithm of the largest number that there is, nearly."""
