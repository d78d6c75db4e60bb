"""The pictures of runs and of data; the only place that knows matplotlib.

Figures are made directly, without ``pyplot``: there is no window, no global state, no screen.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from cvtool.files import write_atomically
from cvtool.records import (
    Bars,
    Drawn,
    Findings,
    Gallery,
    GraphResult,
    HeatMap,
    Histograms,
    ParallelCoordinates,
    Points,
    Regions,
    RunComparison,
    Scatters,
    Scores,
)
from cvtool.render.plots.bars import draw_bars
from cvtool.render.plots.compared_curves import draw_compared_curves
from cvtool.render.plots.confusion import draw_confusion
from cvtool.render.plots.curves import draw_curves
from cvtool.render.plots.filters import draw_filters
from cvtool.render.plots.gallery import draw_gallery
from cvtool.render.plots.graph_picture import draw_graph_picture
from cvtool.render.plots.heat_map import draw_heat_map
from cvtool.render.plots.histograms import draw_histograms
from cvtool.render.plots.mistakes import draw_mistakes
from cvtool.render.plots.parallel_coordinates import draw_parallel_coordinates
from cvtool.render.plots.points import draw_points
from cvtool.render.plots.regions import draw_regions
from cvtool.render.plots.scatters import draw_scatters
from cvtool.render.plots.scores import draw_scores

DOTS_PER_INCH = 150


def draw(findings: Findings, folder: Path) -> list[Path]:
    """Draw all there is to draw of a run.

    Parameters
    ----------
    findings
        History, filters, confusion and mistakes; what is missing or empty is not drawn.
    folder
        Where ``curves.png``, ``filters.png``, ``confusion.png``, ``mistakes.png`` go.

    Returns
    -------
    list of Path
        The pictures that were drawn.
    """
    drawn = []
    for name, picture in PICTURES.items():
        figure = picture(findings)
        if figure is not None:
            drawn.append(folder / name)
            _save(figure, drawn[-1])
    return drawn


def draw_pictures(pictures: Sequence[Drawn], folder: Path) -> list[Path]:
    """Draw pictures under their own names; those that are empty are not drawn."""
    drawn = []
    for picture in pictures:
        figure = DRAWINGS[type(picture)](picture)
        if figure is not None:
            drawn.append(folder / f"{picture.name}.png")
            _save(figure, drawn[-1])
    return drawn


def draw_graph(result: GraphResult, path: Path) -> None:
    """Draw a computational graph into a file."""
    _save(draw_graph_picture(result), path)


def draw_comparison(comparison: RunComparison, path: Path) -> None:
    """Draw the curves of several runs over each other into a file."""
    _save(draw_compared_curves(comparison), path)


def _save(figure: Figure, path: Path) -> None:
    content = BytesIO()
    figure.savefig(content, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    write_atomically(path, content.getvalue())


PICTURES: dict[str, Callable[[Findings], Figure | None]] = {
    "curves.png": draw_curves,
    "filters.png": draw_filters,
    "confusion.png": draw_confusion,
    "mistakes.png": draw_mistakes,
}

DRAWINGS: dict[type[Drawn], Callable[[Any], Figure | None]] = {
    Gallery: draw_gallery,
    Points: draw_points,
    Regions: draw_regions,
    Scores: draw_scores,
    HeatMap: draw_heat_map,
    Histograms: draw_histograms,
    Scatters: draw_scatters,
    ParallelCoordinates: draw_parallel_coordinates,
    Bars: draw_bars,
}
