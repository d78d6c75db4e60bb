"""What a set-up was checked for before it is trained in earnest, and what was found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SanityCheck:
    """One check: what was expected, what was seen, and what to do where the two differ."""

    name: str
    ok: bool
    expected: float | str
    measured: float | str
    message: str
    seconds: float = 0.0


@dataclass(frozen=True)
class LayerAtStart:
    """Outputs of a layer before the first step, and the gradients of its weights.

    ``dead`` is the share of rectified units that are zero for every image, ``saturated`` that of
    outputs at the ends of a sigmoid's or tanh's range; None where a layer has no such thing.
    """

    layer: str
    mean: float
    std: float
    dead: float | None
    saturated: float | None
    gradient_std: float | None


@dataclass(frozen=True)
class SanityResult:
    """All checks of one set-up, the layers at its start, and the usable learning rates."""

    ok: bool
    dataset: str
    arch: str
    checks: tuple[SanityCheck, ...]
    layers: tuple[LayerAtStart, ...]
    usable_rates: tuple[float, float] | None
    run: str
    seconds: float
