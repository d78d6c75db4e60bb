"""Which hyperparameter mattered how much."""

from math import isfinite

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter

from cvtool.records import Bars, Importance
from cvtool.render.plots.style import INK, PALE, VALIDATION, figure, soften

ROW = 0.36


def draw_bars(bars: Bars) -> Figure | None:
    """Draw a bar for each share, from the top; pale ones where chance may explain it."""
    if not bars.bars:
        return None
    drawn = figure(8, ROW * len(bars.bars) + 1.2, bars.title)
    axes = drawn.subplots()
    shares = [each.share if isfinite(each.share) else 0.0 for each in bars.bars]
    colors = [VALIDATION if each.is_sure else PALE for each in bars.bars]
    places = range(len(shares))
    drawn_bars = axes.barh(places, shares, height=0.62, color=colors)
    axes.bar_label(drawn_bars, list(map(_words, bars.bars)), padding=4, fontsize=9, color=INK)
    soften(axes)
    axes.set_yticks(places, [each.name for each in bars.bars], parse_math=False)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    longest = max(0.2, *shares)
    axes.set_xlim(0, 1.55 * longest)  # which leaves room for words
    axes.xaxis.set_major_locator(FixedLocator(MaxNLocator(5).tick_values(0, min(1.0, longest))))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("share of the differences in accuracy", fontsize=9, color=INK)
    return drawn


def _words(bar: Importance) -> str:
    share = f"{bar.share:.0%}" if isfinite(bar.share) else "–"
    if bar.is_sure or not isfinite(bar.p_value):
        return share
    return f"{share}, may be chance (p = {bar.p_value:.2f})"
