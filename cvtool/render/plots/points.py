"""Labeled points in the plane."""

import numpy as np
from matplotlib.figure import Figure

from cvtool.records import Points
from cvtool.render.plots.style import INK, class_color, figure, soften


def draw_points(points: Points) -> Figure | None:
    """Draw points in the colors of their classes; nothing where there are none."""
    if not len(points.points):
        return None
    drawn = figure(6.5, 6, points.title)
    axes = drawn.subplots()
    for number, name in enumerate(points.classes):
        x, y = points.points[points.labels == number].T
        size = float(np.clip(6000 / len(points.points), 3, 25))
        axes.scatter(x, y, s=size, color=class_color(number), label=name, linewidths=0, alpha=0.8)
    axes.set_aspect("equal")
    soften(axes)
    axes.legend(frameon=False, labelcolor=INK, fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    return drawn
