"""Hold analytic gradients against central differences at some coordinates of every array."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Self

import numpy as np

from cvtool.diagnostics.gradients.differences import Difference, central_difference
from cvtool.diagnostics.gradients.subjects import Subject, Tensor
from cvtool.diagnostics.gradients.verdicts import Precision, relative_error
from cvtool.layers.base import Array
from cvtool.records import GradientCheck, SweepPoint, TensorCheck
from cvtool.seeds import stream

Index = tuple[int, ...]

_PATIENCE = 2
"""Coordinates tried for each that is wanted, where kinks are in the way."""

_NEARER = (1.0, 0.1, 0.01)
"""Shares of the step, where all coordinates of an array have a kink within the one before."""


@dataclass(frozen=True)
class Rules:
    """How closely to look: coordinates of an array, the step, what numbers allow, the seed."""

    samples: int
    step: float
    precision: Precision
    seed: int = 0

    def less(self, thrift: int) -> Self:
        """Look at fewer coordinates, of each array still two."""
        return replace(self, samples=max(min(2, self.samples), self.samples // thrift))


@dataclass(frozen=True)
class _Coordinate:
    """One number's relative error, None at a kink, and the errors at other steps if in doubt."""

    index: Index
    analytic: float
    numeric: float
    error: float | None
    sweep: tuple[SweepPoint, ...] = ()


def check(name: str, kind: str, subject: Subject, rules: Rules) -> GradientCheck:
    """Check every array of a subject.

    Coordinates where the winners differ between x + h and x − h are counted as kinks and not
    blamed. Where an array has no smooth coordinate, as large networks in float32, the verdict says
    ``kinks only``: nothing is wrong with it, and nothing known of it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        tensors = [_check_tensor(name, each, subject, rules) for each in subject.tensors()]
    worst = max(tensors, key=lambda each: each.max_relative_error)
    unseen = [each.name for each in tensors if each.coordinates and each.kinks == each.coordinates]
    verdict = rules.precision.verdict(worst.max_relative_error)
    return GradientCheck(
        name=name,
        kind=kind,
        max_relative_error=worst.max_relative_error,
        verdict="kinks only" if unseen and verdict in ("happy", "fine") else verdict,
        kinks=sum(each.kinks for each in tensors),
        ok=verdict in ("happy", "fine"),
        coordinates=sum(each.coordinates for each in tensors),
        worst=worst.name if worst.max_relative_error > 0 else "",
        tensors=tuple(tensors),
    )


def coordinates(gradient: Array, random: np.random.Generator) -> Iterator[Index]:
    """Yield all places of an array, each once: the steepest, both ends, then in random order.

    The ends are where borders go wrong; at the steepest, rounding matters least.
    """
    if not gradient.size:
        return
    steepest = int(np.argmax(np.abs(gradient)))
    drawn = random.permutation(gradient.size).tolist()
    for place in dict.fromkeys([steepest, 0, gradient.size - 1, *drawn]):
        yield tuple(int(each) for each in np.unravel_index(place, gradient.shape))


def _check_tensor(check_name: str, tensor: Tensor, subject: Subject, rules: Rules) -> TensorCheck:
    """Look at some coordinates, and from nearer by if there are kinks wherever one looks."""
    for nearer in _NEARER:
        random = stream(rules.seed, "gradcheck", check_name, tensor.name)
        seen = _look(tensor, subject, replace(rules, step=rules.step * nearer), random)
        smooth = [(each.error, each) for each in seen if each.error is not None]
        if smooth:
            break
    error, worst = max(smooth, key=lambda pair: pair[0], default=(0.0, None))
    return TensorCheck(
        name=tensor.name,
        coordinates=len(seen),
        kinks=len(seen) - len(smooth),
        max_relative_error=error,
        index=worst.index if worst else (),
        analytic=worst.analytic if worst else None,
        numeric=worst.numeric if worst else None,
        sweep=worst.sweep if worst else (),
    )


def _look(
    tensor: Tensor, subject: Subject, rules: Rules, random: np.random.Generator
) -> list[_Coordinate]:
    """Check coordinates until as many as wanted are smooth, or patience ends."""
    seen: list[_Coordinate] = []
    smooth = 0
    for index in coordinates(tensor.gradient, random):
        if smooth == rules.samples or len(seen) == _PATIENCE * rules.samples:
            break
        seen.append(_check_coordinate(tensor, index, subject, rules))
        smooth += seen[-1].error is not None
    return seen


def _check_coordinate(tensor: Tensor, index: Index, subject: Subject, rules: Rules) -> _Coordinate:
    analytic = float(tensor.gradient[index])
    found = central_difference(subject.value, tensor.values, index, rules.step)
    if not found.smooth:
        return _Coordinate(index, analytic, found.slope, None)
    error = relative_error(analytic, found.slope)
    plain = _Coordinate(index, analytic, found.slope, error)
    in_doubt = error > rules.precision.happy and isfinite(error)
    if in_doubt and _is_noise(analytic, found, rules):
        return replace(plain, error=0.0)
    is_whole = np.issubdtype(tensor.values.dtype, np.integer)
    return _sweep(plain, tensor, subject, rules) if in_doubt and not is_whole else plain


def _is_noise(analytic: float, found: Difference, rules: Rules) -> bool:
    """Say whether rounding alone explains the difference.

    It may at steps no smaller than the usual one; at a tiny step it would explain anything.
    """
    noise = rules.precision.noise(found.magnitude, found.step)
    return found.step >= rules.step and abs(analytic - found.slope) <= noise


def _sweep(plain: _Coordinate, tensor: Tensor, subject: Subject, rules: Rules) -> _Coordinate:
    """Try other steps and keep the best: too large a step bends, too small a one rounds."""
    points, best = [], plain
    for step in rules.precision.sweep:
        found = central_difference(subject.value, tensor.values, plain.index, step)
        error = relative_error(plain.analytic, found.slope)
        points.append(SweepPoint(step, error if found.smooth else None))
        if found.smooth and best.error is not None and error < best.error:
            is_noise = _is_noise(plain.analytic, found, rules)
            best = replace(plain, numeric=found.slope, error=0.0 if is_noise else error)
    return replace(best, sweep=tuple(points))
