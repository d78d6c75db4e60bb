"""What is around the subject: clutter behind it, and what hides part of it (notes §2)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.embedded.shapes.appearance import Look
from cvtool.datasets.embedded.shapes.draws import Draws, mix
from cvtool.datasets.embedded.shapes.geometry import Viewpoint
from cvtool.kernels.drawing import BEFORE, BEHIND

Array = NDArray[np.float64]


def clutter(knob: float, draws: Draws, look: Look, scenes: NDArray[Any]) -> None:
    """Set ground, texture and fragments: other colors, nearer to the subject's own."""
    ground = mix(look.ground, draws.colors(), knob * draws.between(0.2, 0.9))
    scenes["ground"] = mix(ground, look.color, knob * draws.between(0.1, 0.5))
    waves = scenes["waves"]
    pace = draws.between(0.7, 1.4, 3) * [1, 2, 4]
    waves["frequency"] = pace[..., np.newaxis] * draws.directions(3)
    waves["phase"] = draws.between(0, 1, 3)
    waves["bend"] = draws.between(0.1, 0.5, 3)
    size = knob * draws.between(0.04, 0.14, 3)
    waves["color"] = size[..., np.newaxis] * (draws.between(-0.6, 0.6, 3, 3) + 0.6)
    fragments = scenes["behind"]
    half = np.stack([draws.between(0.05, 0.2, BEHIND), draws.between(0.015, 0.05, BEHIND)], -1)
    fragments["half"] = half * draws.happens(knob, BEHIND)[..., np.newaxis]
    fragments["center"] = draws.between(0, 1, BEHIND, 2)
    fragments["along"] = draws.directions(BEHIND)
    fragments["rounding"] = half[..., 1] * draws.between(0, 1, BEHIND)
    near = draws.between(0.2, 0.9, BEHIND)
    fragments["color"] = mix(draws.colors(BEHIND), look.color[:, np.newaxis], near)


def occlude(knob: float, draws: Draws, view: Viewpoint, scenes: NDArray[Any]) -> None:
    """Set bars and patches before the subject; at 1 they hide about half of it."""
    radius = view.radius[:, np.newaxis]
    bars = scenes["before"]
    away = radius * draws.between(0.1, 0.8, BEFORE)
    bars["center"] = view.center[:, np.newaxis] + away[..., np.newaxis] * draws.directions(BEFORE)
    bars["along"] = draws.directions(BEFORE)
    width = radius * knob * draws.between(0.15, 0.4, BEFORE)
    width[:, 1] *= draws.happens(knob)
    length = np.maximum(width, radius * draws.between(0.3, 1.3, BEFORE))
    bars["half"] = np.stack([length, width], axis=-1)
    bars["rounding"] = width * draws.between(0, 1, BEFORE)
    bars["color"] = draws.colors(BEFORE)
