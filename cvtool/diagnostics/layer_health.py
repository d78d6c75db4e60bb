"""What the layers' health records tell: size of updates, dead units, saturated units."""

from collections.abc import Callable
from math import isfinite
from statistics import median

from cvtool.config import TrainConfig
from cvtool.diagnostics.advice import other_rate, smaller_rate
from cvtool.diagnostics.finished_run import FinishedRun
from cvtool.records import LayerHealth, Verdict

UPDATE_RATIO = 1e-3
"""Norm of an update over norm of the weights that usually works (CS231n, "Learning")."""

FAR = 20.0
"""This many times more or less is "far": healthy networks begin at up to ten times with Adam."""

BOLDEST = 1000.0
"""The most that updates which are too small let advise to multiply the learning rate by."""

DEAD = 0.5
"""When most units of a layer are dead. CS231n tells of 40 %, which good networks bear as well."""

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
    start = "--init auto, or " if ratio > UPDATE_RATIO and run.config.init != "auto" else ""
    advice = f"far from {UPDATE_RATIO:g}, try {start}{other_rate(run.config, rate_factor(run))}"
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
    remedy = f"{smaller_rate(run)}, or leaky-relu instead of relu in --arch"
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
    remedy = f"{start}{smaller_rate(run)}, or bn before it in --arch"
    message = f"{seen}: hardly any gradient passes, try {remedy}"
    return Verdict("units respond", False, saturated, message)


def rate_factor(run: FinishedRun) -> float:
    """Reckon what to multiply the learning rate by so that updates come near the usual size.

    A network that only guesses while most of a layer is dead had steps that were too large once,
    however small they are by now. Without any sign, small steps are the likelier trouble.
    """
    ratio, worst = _typical_update(run), _worst(run, lambda layer: layer.dead)
    if run.guesses and worst is not None and worst[0] > DEAD:
        return 0.1
    if not ratio:
        return 10.0
    return 0.1 if ratio > FAR * UPDATE_RATIO else min(max(10.0, UPDATE_RATIO / ratio), BOLDEST)


def _typical_update(run: FinishedRun) -> float | None:
    """Take the largest of each layer, as schedules end near zero, and of these the middle.

    The weights of a linear classifier begin at zero, of which every step is a large share.
    """
    if not isinstance(run.config, TrainConfig):
        return None
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
