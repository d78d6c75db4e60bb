"""Where the outline's corners come to lie: deformation, then the viewpoint (notes §2)."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.embedded.shapes.draws import Draws
from cvtool.datasets.embedded.turning import direction, sine

Array = NDArray[np.float64]

RADIUS = 0.38
"""Of the unit circle around an outline, in sides of the picture, seen from the front."""

_NEARNESS = 0.35  # what a unit towards the eye adds to the size


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """How each of n subjects is seen.

    Parameters
    ----------
    center
        ``(n, 2)``, x and y in sides of the picture, y downwards.
    radius
        ``(n,)`` in sides of the picture.
    turns
        ``(n,)``, how far the shape is turned in its plane.
    axis
        ``(n, 2)`` unit vectors along which it is foreshortened.
    tilt
        ``(n,)`` turns by which the plane is tilted.
    """

    center: Array
    radius: Array
    turns: Array
    axis: Array
    tilt: Array

    @classmethod
    def draw(cls, knob: float, draws: Draws) -> Self:
        """Draw viewpoints, from straight in front to any."""
        radius = RADIUS * (1 - knob * draws.between(0, 0.4))
        room = 0.5 - 0.95 * radius
        return cls(
            center=0.5 + knob * room[:, np.newaxis] * draws.between(-1, 1, 2),
            radius=radius,
            turns=knob * draws.between(-0.5, 0.5),
            axis=draws.directions(),
            tilt=knob * draws.between(-1 / 6, 1 / 6),
        )

    def see(self, points: Array) -> Array:
        """Map points ``(n, corners, 2)`` of the shape's plane, y upwards, into the picture."""
        turned = _turn(points, direction(self.turns)[:, np.newaxis])
        axis = self.axis[:, np.newaxis]
        along = turned[..., 0] * axis[..., 0] + turned[..., 1] * axis[..., 1]
        cosine, depth = direction(self.tilt)[:, np.newaxis].transpose(2, 0, 1)
        shortened = turned + ((cosine - 1) * along)[..., np.newaxis] * axis
        size = self.radius[:, np.newaxis] / (1 - _NEARNESS * depth * along)
        seen: Array = size[..., np.newaxis] * shortened * [1, -1]
        return self.center[:, np.newaxis] + seen


def deform(points: Array, knob: float, draws: Draws) -> Array:
    """Bend a plane with its points ``(n, corners, 2)`` by two smooth waves across each axis."""
    size = knob * draws.between(0.08, 0.2, 2, 2) * [1, 0.4]
    frequency = draws.between(0.25, 0.5, 2, 2) * [1, 2]
    phase = draws.between(0, 1, 2, 2)
    bent = points.copy()
    for axis, wave in np.ndindex(2, 2):
        chosen = np.s_[:, np.newaxis, axis, wave]
        turns = points[..., 1 - axis] * frequency[chosen] + phase[chosen]
        # Less what it does to the middle, which would only be another viewpoint.
        bent[..., axis] += size[chosen] * (sine(turns) - sine(phase[chosen]))
    return bent


def _turn(points: Array, towards: Array) -> Array:
    x, y = points[..., 0], points[..., 1]
    cosine, sine_ = towards[..., 0], towards[..., 1]
    return np.stack([cosine * x - sine_ * y, sine_ * x + cosine * y], axis=-1)
