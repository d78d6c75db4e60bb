"""What the layers' health records tell: size of updates, dead units, saturated units."""

from collections.abc import Callable
from math import isfinite
from statistics import median

from cvtool.diagnostics.advice import other_rate
from cvtool.diagnostics.finished_run import FinishedRun
from cvtool.records import LayerHealth, Verdict

UPDATE_RATIO = 1e-3
"""Norm of an update over norm of the weights that usually works (CS231n, "Learning")."""

FAR = 10.0
"""This many times more or less is "far"; healthy layers differ by a few times either way."""

DEAD = 0.4
"""Share of dead units that CS231n warns of; the empty corners of images kill some harmlessly."""

SATURATED = 0.5
"""When most outputs are at the ends of their range, most gradients vanish (§6.1.1)."""


def updates_fit(run: FinishedRun) -> Verdict | None:
    """Judge whether an update changes weights by about a thousandth of their norm."""
    ratio = _typical_update(run)
    if ratio is None:
        return None
    seen = f"the largest steps change the weights by {ratio:.1g} of their norm"
    if UPDATE_RATIO / FAR <= ratio <= UPDATE_RATIO * FAR:
        return Verdict("updates fit", True, ratio, f"{seen}, near {UPDATE_RATIO:g} as it should")
    factor = 1 / FAR if ratio > UPDATE_RATIO else FAR
    advice = f"far from {UPDATE_RATIO:g}, try {other_rate(run.config, factor)}"
    return Verdict("updates fit", False, ratio, f"{seen}: {advice}")


def units_live(run: FinishedRun) -> Verdict | None:
    """§6.1.3: a rectified unit that is zero for every image learns no more."""
    worst = _worst(run, lambda layer: layer.dead)
    if worst is None:
        return None
    dead, layer = worst
    seen = f"{dead:.0%} of the units of {layer} are zero for every image"
    if dead <= DEAD:
        return Verdict("units live", True, dead, f"at most {seen}")
    remedy = f"{other_rate(run.config, 0.3)}, or leaky-relu instead of relu in --arch"
    return Verdict("units live", False, dead, f"{seen}: they are dead, try {remedy}")


def units_respond(run: FinishedRun) -> Verdict | None:
    """§6.1.1: a saturated sigmoid or tanh passes no gradient back."""
    worst = _worst(run, lambda layer: layer.saturated)
    if worst is None:
        return None
    saturated, layer = worst
    seen = f"{saturated:.0%} of the outputs of {layer} are at the ends of their range"
    if saturated <= SATURATED:
        return Verdict("units respond", True, saturated, f"at most {seen}")
    start = "--init auto, or " if run.config.init != "auto" else ""
    remedy = f"{start}{other_rate(run.config, 0.3)}, or bn before it in --arch"
    message = f"{seen}: hardly any gradient passes, try {remedy}"
    return Verdict("units respond", False, saturated, message)


def steps_were_large(run: FinishedRun) -> bool:
    """Whether a loss that does not change is stuck because steps were too large, not too small."""
    ratio = _typical_update(run)
    worst = _worst(run, lambda layer: layer.dead)
    return (ratio is not None and ratio > FAR * UPDATE_RATIO) or (
        worst is not None and worst[0] > DEAD
    )


def _typical_update(run: FinishedRun) -> float | None:
    """Take the largest of each layer, as schedules end near zero, and of these the middle."""
    largest: dict[str, float] = {}
    for epoch in run.history:
        for layer in epoch.health:
            if layer.update_ratio is not None and isfinite(layer.update_ratio):
                seen = largest.get(layer.layer, 0.0)
                largest[layer.layer] = max(seen, layer.update_ratio)
    return median(largest.values()) if largest else None


def _worst(
    run: FinishedRun, share: Callable[[LayerHealth], float | None]
) -> tuple[float, str] | None:
    """Find the layer with the largest share at the end of the run."""
    health = run.last.health if run.history else ()
    shares = [(value, layer.layer) for layer in health if (value := share(layer)) is not None]
    return max(shares, default=None)
