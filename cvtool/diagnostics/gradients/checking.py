"""Hold analytic gradients against central differences at some coordinates of every array."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Self

import numpy as np

from cvtool.diagnostics.gradients.differences import central_difference
from cvtool.diagnostics.gradients.subjects import Subject, Tensor
from cvtool.diagnostics.gradients.verdicts import Precision, relative_error
from cvtool.records import GradientCheck, SweepPoint, TensorCheck
from cvtool.seeds import stream

Index = tuple[int, ...]


@dataclass(frozen=True)
class Rules:
    """How closely to look: coordinates of each array, the step, what the numbers allow, the seed."""

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
    blamed; an array of which no coordinate is smooth has not been checked, which is not well.
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
        ok=verdict in ("happy", "fine") and not unseen,
        coordinates=sum(each.coordinates for each in tensors),
        worst=worst.name if worst.max_relative_error > 0 else "",
        tensors=tuple(tensors),
    )


def coordinates(gradient: Any, samples: int, random: np.random.Generator) -> Iterator[Index]:
    """Yield some places of an array, each once: both ends, the steepest, and random ones.

    The ends are where borders go wrong; at the steepest, rounding matters least.
    """
    if not gradient.size:
        return
    steepest = int(np.argmax(np.abs(gradient)))
    drawn = random.permutation(gradient.size)[:samples].tolist()
    for place in list(dict.fromkeys([steepest, 0, gradient.size - 1, *drawn]))[:samples]:
        yield tuple(int(each) for each in np.unravel_index(place, gradient.shape))


def _check_tensor(check_name: str, tensor: Tensor, subject: Subject, rules: Rules) -> TensorCheck:
    random = stream(rules.seed, "gradcheck", check_name, tensor.name)
    seen = [
        _check_coordinate(tensor, index, subject, rules)
        for index in coordinates(tensor.gradient, rules.samples, random)
    ]
    smooth = [(each.error, each) for each in seen if each.error is not None]
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


def _check_coordinate(tensor: Tensor, index: Index, subject: Subject, rules: Rules) -> _Coordinate:
    analytic = float(tensor.gradient[index])
    found = central_difference(subject.value, tensor.values, index, rules.step)
    if not found.smooth:
        return _Coordinate(index, analytic, found.slope, None)
    noise = rules.precision.noise(found.magnitude, found.step)
    error = relative_error(analytic, found.slope, noise)
    plain = _Coordinate(index, analytic, found.slope, error)
    in_doubt = error > rules.precision.happy and isfinite(error)
    is_whole = np.issubdtype(tensor.values.dtype, np.integer)
    return _sweep(plain, tensor, subject, rules) if in_doubt and not is_whole else plain


def _sweep(plain: _Coordinate, tensor: Tensor, subject: Subject, rules: Rules) -> _Coordinate:
    """Try other steps and keep the best smooth one: too large a step bends, too small a one rounds.

    Rounding excuses a difference only at steps no smaller than usual; at a tiny step it would
    excuse anything.
    """
    points, best = [], plain
    for step in rules.precision.sweep:
        found = central_difference(subject.value, tensor.values, plain.index, step)
        noise = rules.precision.noise(found.magnitude, step) if step >= rules.step else 0.0
        error = relative_error(plain.analytic, found.slope, noise)
        points.append(SweepPoint(step, error if found.smooth else None))
        if found.smooth and best.error is not None and error < best.error:
            best = _Coordinate(plain.index, plain.analytic, found.slope, error)
    return _Coordinate(best.index, best.analytic, best.numeric, best.error, tuple(points))
