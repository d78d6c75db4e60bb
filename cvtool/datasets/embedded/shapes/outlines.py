"""What makes the classes: ten closed outlines, each of them slim and stout.

Points are ``(x, y)`` with y upwards, about within the unit circle. What lies between slim and stout
is mixed corner by corner; halfway is the shape as it is drawn in a book.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.embedded.turning import direction, sine
from cvtool.kernels.drawing import CORNERS

Array = NDArray[np.float64]
Corners = list[tuple[float, float]]

_TURNS = np.arange(CORNERS) / CORNERS


def outlines(labels: Indices, stoutness: Array) -> Array:
    """Mix slim (0) and stout (1) outlines of classes into ``(n, CORNERS, 2)``."""
    slim, stout = _TABLE[labels, 0], _TABLE[labels, 1]
    mixed: Array = slim + stoutness[:, np.newaxis, np.newaxis] * (stout - slim)
    return mixed


def _polygon(corners: Callable[[float], Corners], slim: float, stout: float) -> Array:
    """Spread points along straight edges, so that these can be bent; all corners are kept."""
    ends = np.array([corners(slim), corners(stout)])
    edges = np.roll(ends, -1, axis=1) - ends
    lengths = np.sqrt(np.square(edges.mean(axis=0)).sum(axis=-1))
    points = np.ones(len(lengths), np.int64)
    for _ in range(CORNERS - len(points)):
        points[np.argmax(lengths / points)] += 1
    shares = np.concatenate([np.arange(each) / each for each in points])[:, np.newaxis]
    spread: Array = np.repeat(ends, points, axis=1) + shares * np.repeat(edges, points, axis=1)
    return spread


def _ellipse(width: float) -> Array:
    return 0.85 * direction(_TURNS) * [width, 1]


def _heart(width: float) -> Array:
    """Draw the well-known curve of four waves."""
    x = 16 * sine(_TURNS) ** 3
    waves = [13, -5, -2, -1]
    y = sum(size * sine(k * _TURNS + 0.25) for k, size in enumerate(waves, 1)) + 2.5
    return np.stack([width * x, y], axis=-1) / 16.5


def _crescent(thickness: float) -> Array:
    """Cut a disc out of a disc, tip to tip; the hollow is ``thickness`` from the other side."""
    half, tip = CORNERS // 2, 0.14
    shares = np.arange(half) / half
    x, y = direction(np.array(tip))
    hollow = thickness - 1
    center = (1 - hollow * hollow) / (2 * (x - hollow))
    end = np.arctan2(y, x - center) / (2 * np.pi)
    outer = direction(tip + shares * (1 - 2 * tip))
    inner = (center - hollow) * direction(end + (1 - shares) * (1 - 2 * end)) + [center, 0]
    whole: Array = np.concatenate([outer, inner]) + np.array([0.2, 0])
    return whole


def _triangle(half: float) -> Corners:
    return [(0, 1), (-half, -0.6), (half, -0.6)]


def _rectangle(half: float) -> Corners:
    return [(half, 0.75), (-half, 0.75), (-half, -0.75), (half, -0.75)]


def _star(inner: float) -> Corners:
    points = direction(0.25 + np.arange(10) / 10) * np.where(np.arange(10) % 2, inner, 1)[:, None]
    return [(float(x), float(y)) for x, y in points]


def _cross(half: float) -> Corners:
    quarter = [(half, half), (half, 0.95), (-half, 0.95)]
    turned = [[(x, y), (-y, x), (-x, -y), (y, -x)] for x, y in quarter]
    return [turned[corner][quarter_turn] for quarter_turn in range(4) for corner in range(3)]


def _arrow(half: float) -> Corners:
    left = [(0, 1), (-0.45 - half, 0.1), (-half, 0.1), (-half, -1)]
    return left + [(-x, y) for x, y in reversed(left[1:])]


def _hourglass(waist: float) -> Corners:
    left = [(-0.7, 0.95), (-waist, 0), (-0.7, -0.95)]
    return left + [(-x, y) for x, y in reversed(left)]


def _bolt(width: float) -> Corners:
    corners = [(0.35, 1), (-0.6, -0.15), (-0.05, -0.15), (-0.35, -1), (0.6, 0.2), (0.1, 0.2)]
    return [(width * x, y) for x, y in corners]


OUTLINES = {
    "circle": np.stack([_ellipse(0.8), _ellipse(1.2)]),
    "triangle": _polygon(_triangle, 0.65, 1.15),
    "square": _polygon(_rectangle, 0.55, 0.95),
    "star": _polygon(_star, 0.34, 0.5),
    "cross": _polygon(_cross, 0.18, 0.42),
    "heart": np.stack([_heart(0.8), _heart(1.2)]),
    "crescent": np.stack([_crescent(0.4), _crescent(0.8)]),
    "arrow": _polygon(_arrow, 0.12, 0.36),
    "hourglass": _polygon(_hourglass, 0.04, 0.24),
    "bolt": _polygon(_bolt, 0.75, 1.25),
}
"""``(2, CORNERS, 2)`` by class: slim, then stout."""

# Rounded, since the last bit of an arctangent depends on the machine.
_TABLE = np.round(np.array(list(OUTLINES.values())), 4)
