"""The judge of a gradient: central differences of every input, (f(x+h) − f(x−h)) / 2h.

Several steps h are tried, and the one is taken where the difference changes least from step to
step: above it the curvature spoils the digits, below it rounding does. A step over a kink, where a
ReLU or maximum has another winner at x+h than at x−h, says nothing and is left out (notes, §5.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from cvtool.errors import UsageError
from cvtool.graph.backpropagation import forward
from cvtool.graph.nodes import Array, Node

STEPS = tuple(10.0**-power for power in range(2, 10))
"""Relative to the size of what is moved, or 1 if that is smaller."""

TOLERANCE = 1e-6
_UNSETTLED = 10
"""How often the last change of a difference its error may be."""

Place = Literal["smooth", "kink", "edge"]


@dataclass(frozen=True)
class Difference:
    """What differences say of one input: all in its shape; ``slack`` is their own uncertainty."""

    slope: Array
    slack: Array
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Moved:
    """The output, the largest number on the way (rounding is as large), who wins at each kink."""

    output: float
    largest: float
    winners: list[bytes]


def differences(order: list[Node], given: Mapping[str, Array], name: str) -> Difference:
    """Move every element of an input a little, one at a time."""
    shape = given[name].shape
    found = [_element(order, given, name, number) for number in range(given[name].size)]
    slopes, slacks, places = zip(*found, strict=True)
    return Difference(np.reshape(slopes, shape), np.reshape(slacks, shape), places)


def _element(
    order: list[Node], given: Mapping[str, Array], name: str, number: int
) -> tuple[float, float, Place]:
    """Return the difference that is most settled, what it may be off by, and where it was taken."""
    x = given[name].flat[number]
    over_kinks: list[tuple[float, float]] = []
    smooth: list[tuple[float, float]] = []
    for step in STEPS:
        h = step * max(1.0, abs(x))
        try:
            above = _moved(order, given, name, number, x + h)
            below = _moved(order, given, name, number, x - h)
        except UsageError:  # beyond the edge of where there is a value
            continue
        width = (x + h) - (x - h)
        rounding = np.finfo(float).eps * max(above.largest, below.largest) / h
        slope = (above.output - below.output) / width
        kind = smooth if above.winners == below.winners else over_kinks
        kind.append((float(slope), float(rounding)))
    usable = smooth or over_kinks
    if not usable:
        return float("nan"), 0.0, "edge"
    return (*_settled(usable), "smooth" if smooth else "kink")


def _moved(
    order: list[Node], given: Mapping[str, Array], name: str, number: int, x: float
) -> _Moved:
    """Compute the graph with one element moved."""
    changed = given[name].copy()
    changed.flat[number] = x
    values = forward(order, {**given, name: changed})
    with np.errstate(over="ignore"):
        winners = [
            np.asarray(node.operation.winners(*(values[each] for each in node.inputs))).tobytes()
            for node in order
            if node.operation and node.operation.winners
        ]
    largest = max(float(np.abs(each).max()) for each in values.values())
    return _Moved(float(values[order[-1]]), largest, winners)


def _settled(found: list[tuple[float, float]]) -> tuple[float, float]:
    if len(found) == 1:
        return found[0]
    changes = [
        (max(abs(slope - before), rounding), slope)
        for (before, _), (slope, rounding) in pairwise(found)
    ]
    change, slope = min(changes)
    return slope, _UNSETTLED * change


def relative_error(gradient: Array, slope: Array) -> Array:
    """Return |a − n| / max(|a|, |n|) of each element, 0 where both are 0 (notes, §5.1)."""
    size = np.maximum(np.abs(gradient), np.abs(slope))
    return np.asarray(np.abs(gradient - slope) / np.where(size > 0, size, 1.0))


def agree(gradient: Array, difference: Difference) -> bool:
    """Say whether a gradient is what differences are, as far as they tell, away from kinks."""
    size = np.maximum(np.abs(gradient), np.abs(difference.slope))
    close = np.abs(gradient - difference.slope) <= TOLERANCE * size + difference.slack
    apart = [each != "smooth" for each in difference.places]
    return bool(np.all(close.ravel() | apart))
