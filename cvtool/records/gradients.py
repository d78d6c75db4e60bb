"""What a gradient check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SweepPoint:
    """The relative error at one step; None where there is a kink within it."""

    step: float
    error: float | None


@dataclass(frozen=True)
class TensorCheck:
    """One array: how many coordinates were looked at, how many of them lie at kinks, the worst.

    ``sweep`` has the worst coordinate's errors over step sizes, where there was doubt.
    """

    name: str
    coordinates: int
    kinks: int
    max_relative_error: float
    index: tuple[int, ...]
    analytic: float | None
    numeric: float | None
    sweep: tuple[SweepPoint, ...]


@dataclass(frozen=True)
class GradientCheck:
    """One function's gradients beside central differences; ``worst`` names the worst array."""

    name: str
    kind: str
    max_relative_error: float
    verdict: str
    kinks: int
    ok: bool
    coordinates: int
    worst: str
    tensors: tuple[TensorCheck, ...]


@dataclass(frozen=True)
class GradcheckResult:
    """All checks, and whether all gradients are right."""

    ok: bool
    dtype: str
    step: float
    max_relative_error: float
    coordinates: int
    kinks: int
    seconds: float
    checks: tuple[GradientCheck, ...]
