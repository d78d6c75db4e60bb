"""What the subject looks like, and the light it is seen in: variation, illumination (notes §2)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.embedded.shapes.draws import Draws, from_hue, mix

Array = NDArray[np.float64]

_YELLOW = (0.11, 0.7, 0.95)  # hue, saturation, value of the subject in a book
_SLATE = np.array([0.16, 0.2, 0.27])  # and of the ground


@dataclass(frozen=True, eq=False)
class Look:
    """How each of n things of a class differs from the others.

    Parameters
    ----------
    stoutness
        ``(n,)``, from slim (0) to stout (1).
    color, ground
        ``(n, 3)``, of the subject and of what is behind it.
    rim, rim_color, opacity
        ``(n,)`` width in radii of the shape, ``(n, 3)``, and ``(n,)`` 0 for what is hollow.
    stripes, stripe_color
        ``(n, 2)`` cycles a radius, ``(n, 3)`` added at their crests.
    """

    stoutness: Array
    color: Array
    ground: Array
    rim: Array
    rim_color: Array
    opacity: Array
    stripes: Array
    stripe_color: Array


def draw_look(knob: float, draws: Draws) -> Look:
    """Draw looks: color, proportions, hollow or filled, with or without border and stripes."""
    stoutness = 0.5 + knob * draws.between(-0.5, 0.5)
    hue, saturation, value = _YELLOW
    color = from_hue(
        hue + knob * draws.between(-0.5, 0.5),
        saturation + knob * draws.between(-0.6, 0.3),
        value - knob * draws.between(0, 0.35),
    )
    ground = np.broadcast_to(_SLATE, color.shape)
    dark = draws.happens(0.5 * knob)[:, np.newaxis]
    color, ground = (
        np.where(dark, 0.55 * ground + 0.2 * color, color),
        np.where(dark, color, ground),
    )
    hollow, rimmed, striped = (draws.happens(share * knob) for share in (0.4, 0.5, 0.5))
    rim = np.where(hollow, draws.between(0.2, 0.32), draws.between(0.12, 0.22))
    other = mix(color, draws.colors(), draws.between(0.4, 0.9))
    stripe = draws.between(0.25, 0.5) * np.where(striped, 1, 0)
    return Look(
        stoutness=stoutness,
        color=color,
        ground=ground,
        rim=np.where(hollow | rimmed, rim, 0),
        rim_color=np.where((rimmed & ~hollow)[:, np.newaxis], other, color),
        opacity=np.where(hollow, 0, 1),
        stripes=draws.between(1, 2.5)[:, np.newaxis] * draws.directions(),
        stripe_color=stripe[:, np.newaxis] * (ground - color) * 0.8,
    )


@dataclass(frozen=True, eq=False)
class Light:
    """Contrast ``(n,)``, color ``(n, 3)`` and slope ``(n, 2)``: see ``kernels.drawing.LIGHT``."""

    contrast: Array
    color: Array
    slope: Array


def draw_light(knob: float, draws: Draws) -> Light:
    """Draw light: dim or bright, colored, hazy, and from one side."""
    brightness = 1 + knob * draws.between(-0.5, 0.4)
    tint = 1 + knob * draws.between(-0.35, 0.35, 3)
    slope = knob * draws.between(0.2, 1)[:, np.newaxis] * draws.directions()
    return Light(
        contrast=1 - knob * draws.between(0, 0.5),
        color=brightness[:, np.newaxis] * tint,
        slope=slope,
    )
