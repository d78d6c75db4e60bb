"""A chart, or pictures, for everything that is drawn under its own name."""

from collections.abc import Callable
from typing import Any

from cvtool.records import (
    Bars,
    Drawn,
    Gallery,
    HeatMap,
    Histograms,
    ParallelCoordinates,
    Points,
    Regions,
    Scatters,
    Scores,
)
from cvtool.render.report.blocks import Block, Section
from cvtool.render.report.charts.bars import bars_chart
from cvtool.render.report.charts.heat_map import heat_map_chart
from cvtool.render.report.charts.histograms import histogram_charts
from cvtool.render.report.charts.parallel import parallel_chart
from cvtool.render.report.charts.plane import points_chart, regions_charts
from cvtool.render.report.charts.scatters import scatter_charts
from cvtool.render.report.charts.scores import scores_chart
from cvtool.render.report.galleries import gallery_pictures


def drawn_section(drawn: Drawn) -> Section | None:
    """Make the section of one drawing; nothing where it is empty."""
    block = BLOCKS[type(drawn)](drawn)
    if block is None:
        return None
    return Section(drawn.name.replace("_", " "), drawn.title, (block,))


BLOCKS: dict[type[Drawn], Callable[[Any], Block | None]] = {
    Gallery: gallery_pictures,
    Points: points_chart,
    Regions: regions_charts,
    Scores: scores_chart,
    HeatMap: heat_map_chart,
    Histograms: histogram_charts,
    Scatters: scatter_charts,
    ParallelCoordinates: parallel_chart,
    Bars: bars_chart,
}
