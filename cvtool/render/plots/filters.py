"""First-layer filters as pictures (§6.5): smooth ones have learned, noisy ones have not yet."""

import numpy as np
from matplotlib.figure import Figure

from cvtool.records import Findings
from cvtool.render.plots.style import columns_for, figure, show_image

MOST = 128


def draw_filters(findings: Findings) -> Figure | None:
    """Draw each filter on its own scale: in color for three channels, else each channel in gray."""
    if findings.filters is None:
        return None
    height, width, channels, count = findings.filters.shape
    filters = np.moveaxis(findings.filters, 3, 0)
    if channels != 3:
        filters = filters.transpose(0, 3, 1, 2).reshape(-1, height, width, 1)
    shown = filters[:MOST]
    columns = columns_for(len(shown), most=16)
    rows = -(-len(shown) // columns)
    title = f"{count} filters of the first convolution, {height}×{width}"
    grid = figure(max(4.5, 0.62 * columns), 0.62 * rows + 0.6, title)
    axes = grid.subplots(rows, columns, squeeze=False).ravel()
    for place, one in zip(axes, shown, strict=False):
        show_image(place, _to_unit_range(one))
    for place in axes[len(shown) :]:
        place.set_axis_off()
    return grid


def _to_unit_range(one: np.ndarray) -> np.ndarray:
    """Stretch a filter to 0 … 1; a constant one becomes middle gray."""
    low, high = float(one.min()), float(one.max())
    if not high > low:
        return np.full_like(one, 0.5)
    return (one - low) / (high - low)
