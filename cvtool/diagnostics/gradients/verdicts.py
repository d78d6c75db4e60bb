"""How far apart two gradients are, and what the notes call that ("Gradient checks")."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

ROUNDING = 4.0
"""Roundings of the loss's own size that a difference of two losses may carry."""


@dataclass(frozen=True)
class Precision:
    """What a type of numbers allows: the step, the steps to try when in doubt, and the grades.

    The grades of float64 are the notes' own. In float32 a loss has 7 digits and a step must be so
    large to leave any of them in the difference of two losses that none but looser ones are fair.
    """

    epsilon: float
    step: float
    sweep: tuple[float, ...]
    happy: float
    fine: float
    wrong: float

    def verdict(self, error: float) -> str:
        """Grade a relative error: ``happy``, ``fine``, ``uncomfortable`` or ``wrong``."""
        if error <= self.happy:
            return "happy"
        if error <= self.fine:
            return "fine"
        return "uncomfortable" if error <= self.wrong else "wrong"

    def noise(self, magnitude: float, step: float) -> float:
        """Return what rounding alone makes of a central difference.

        Parameters
        ----------
        magnitude
            Sum of the absolute terms of the loss, each of which is rounded.
        step
            That of the difference, which divides the rounding errors.
        """
        return ROUNDING * self.epsilon * magnitude / step


def relative_error(analytic: float, numeric: float) -> float:
    """Return |a − n| / max(|a|, |n|), from 0 for equal to 2 for opposite numbers.

    Zero against zero is 0; what is not finite is infinitely wrong.
    """
    if not (isfinite(analytic) and isfinite(numeric)):
        return float("inf")
    size = max(abs(analytic), abs(numeric))
    return abs(analytic - numeric) / size if size else 0.0


PRECISIONS: Mapping[str, Precision] = {
    "float64": Precision(
        epsilon=2.0**-52,
        step=1e-5,
        sweep=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8),
        happy=1e-7,
        fine=1e-4,
        wrong=1e-2,
    ),
    "float32": Precision(
        epsilon=2.0**-23,
        step=1e-2,
        sweep=(1e-1, 3e-2, 1e-2, 3e-3, 1e-3),
        happy=1e-3,
        fine=1e-2,
        wrong=1e-1,
    ),
}
