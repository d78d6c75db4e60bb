"""Which hyperparameter mattered how much."""

from math import isfinite

from cvtool.records import Bars, Importance
from cvtool.records.chance import chance_words
from cvtool.render.quantities import share
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import Option, item_tooltip, value_axis
from cvtool.render.report.charts.told import told

HINT = "What pale bars show may be chance."


def bars_chart(bars: Bars) -> Chart | None:
    """Draw a bar for each share, from the top; pale ones where chance may explain it."""
    if not bars.bars:
        return None
    option = {
        "grid": {"left": 16, "right": 64, "top": 8, "bottom": 34, "containLabel": True},
        "xAxis": value_axis("share", name="share of the differences in accuracy")
        | {"scale": False, "min": 0, "splitNumber": 4},
        "yAxis": {
            "type": "category",
            "data": [each.name for each in bars.bars],
            "inverse": True,
            "axisTick": {"show": False},
        },
        "tooltip": item_tooltip(),
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 22,
                "data": [_bar(each) for each in bars.bars],
                "label": {"show": True, "position": "right", "color": "--ink"},
            }
        ],
    }
    hint = "" if all(each.is_sure for each in bars.bars) else HINT
    return Chart(bars.title, option, 34 * len(bars.bars) + 60, hint=hint)


def _bar(bar: Importance) -> Option:
    is_known = isfinite(bar.share)
    rows = [("share", share(bar.share)), ("chance", chance_words(bar.p_value) or "–")]
    return {
        "value": bar.share if is_known else 0.0,
        "told": told(bar.name, rows),
        "itemStyle": {"color": "--validation" if bar.is_sure else "--pale"},
        "label": {"formatter": share(bar.share)},
    }
