"""One look for all pictures."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

TRAINING = "#8a94a6"
VALIDATION = "#1f6fb4"
BEST = "#d1495b"
INK = "#2b2f36"
PALE = "#d9dde3"

HEADING: dict[str, Any] = {
    "ha": "left",
    "fontsize": 12,
    "fontweight": "bold",
    "color": INK,
    "parse_math": False,
}
"""How the title of a figure is written: as it is, since a class may be named ``$1``."""

_TINT = 0.3
"""Share of the color in its tint; the rest is white."""

CLASS_COLORS = (
    *("#1f6fb4", "#d1495b", "#edae49", "#2e8b57", "#8e6bb0"),
    *("#00798c", "#e07a2f", "#6b7280", "#b5548f", "#7a9e3a"),
)
"""Colors of classes, the first ones again where there are more."""


def class_color(number: int) -> str:
    """Return the color of a class by its position."""
    return CLASS_COLORS[number % len(CLASS_COLORS)]


def tint(color: str) -> tuple[float, float, float]:
    """Pale a color so far that points of the color itself stand out from it."""
    red, green, blue = (1 - _TINT * (1 - part) for part in to_rgb(color))
    return red, green, blue


def figure(width: float, height: float, title: str) -> Figure:
    """Make an empty figure, its size in inches, its title at the left."""
    made = Figure(figsize=(width, height), layout="constrained")
    made.suptitle(title, x=0.02, **HEADING)
    return made


def soften(axes: Axes) -> None:
    """Leave two thin axes and a pale grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.grid(color=PALE, linewidth=0.6, alpha=0.7)
    axes.set_axisbelow(True)
