"""Distributions side by side, each on its own scale (§6.3)."""

from itertools import pairwise

from cvtool.records import Histogram, Histograms
from cvtool.render.report.blocks import Chart, Charts
from cvtool.render.report.charts.told import told


def histogram_charts(histograms: Histograms) -> Charts | None:
    """Draw a small chart for each distribution; nothing where there is none."""
    made = tuple(_chart(each) for each in histograms.histograms if each.counts)
    return Charts(made, least=150) if made else None


def _chart(histogram: Histogram) -> Chart:
    """Draw counts as steps: each reaches from its lower edge to the next."""
    edges, counts = histogram.edges, histogram.counts
    spans = [f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)]
    steps = [
        {"value": [low, count], "told": told(span, [("values", f"{count:,}")])}
        for low, count, span in zip(edges, counts, spans, strict=False)
    ]
    steps.append({**steps[-1], "value": [edges[-1], counts[-1]]})
    option = {
        "grid": {"left": 8, "right": 22, "top": 8, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "value",
            "min": edges[0],
            "max": edges[-1],
            "splitNumber": 3,
            "axisLabel": {"format": "number", "hideOverlap": True},
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "show": False, "min": 0},
        "tooltip": {"trigger": "axis", "tell": {}},
        "series": [
            {
                "type": "line",
                "name": histogram.name,
                "step": "end",
                "symbol": "none",
                "color": "--validation",
                "lineStyle": {"width": 1},
                "areaStyle": {"opacity": 0.75},
                "emphasis": {"disabled": True},
                "data": steps,
            }
        ],
    }
    return Chart(histogram.name, option, 130)
