"""Loss and accuracy over the epochs, and the learning rate (§6.5: the first things to look at)."""

from collections.abc import Sequence
from math import isfinite
from typing import Literal

from cvtool.records import EpochRecord
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import (
    Format,
    Option,
    finite,
    line,
    over_epochs,
    ring,
)

PARTS = (("train", "training", "--training"), ("val", "validation", "--validation"))
FORMATS: dict[str, Format] = {"loss": "loss", "accuracy": "share"}
BEST = "best epoch"


def curve_charts(history: Sequence[EpochRecord], group: str) -> tuple[Chart, ...]:
    """Draw training against validation, the best epoch marked."""
    loss = _chart(history, "loss", group)
    return loss, _chart(history, "accuracy", group)


def rate_chart(history: Sequence[EpochRecord], group: str) -> Chart:
    """Draw the learning rate at the end of each epoch."""
    rates = [each.learning_rate for each in history]
    drawn = [line("learning rate", rates, "--validation")]
    option = over_epochs([each.epoch for each in history], drawn, "number")
    return Chart("learning rate", option, 220, group=group, can_be_logarithmic=_positive(rates))


def best_epoch(history: Sequence[EpochRecord]) -> EpochRecord | None:
    """Find the epoch that the run itself calls best."""
    marked = [each for each in history if each.best]
    return marked[-1] if marked else None


def _chart(history: Sequence[EpochRecord], what: Literal["loss", "accuracy"], group: str) -> Chart:
    values = {part: [getattr(each, f"{part}_{what}") for each in history] for part, _, _ in PARTS}
    series = [line(name, values[part], color) for part, name, color in PARTS]
    best = best_epoch(history)
    names = [name for _, name, _ in PARTS]
    if best is not None:
        series.append(_mark(history, best, getattr(best, f"val_{what}")))
        names.append(BEST)
    epochs = [each.epoch for each in history]
    option = over_epochs(epochs, series, FORMATS[what], names=names)
    is_positive = _positive([each for part in values.values() for each in part])
    return Chart(what, option, group=group, can_be_logarithmic=what == "loss" and is_positive)


def _mark(history: Sequence[EpochRecord], best: EpochRecord, value: float) -> Option:
    """Mark the best epoch by a ring, and a line through all values of it."""
    place = [each.epoch for each in history].index(best.epoch)
    return {
        "type": "scatter",
        "name": BEST,
        "told": "",
        "data": [[place, finite(value)]],
        **ring("--best", 12),
        "markLine": {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": "--best", "type": "dotted"},
            "data": [{"xAxis": place}],
        },
    }


def _positive(values: Sequence[float]) -> bool:
    """Whether values have logarithms: those that are finite, and there must be some."""
    known = [each for each in values if isfinite(each)]
    return bool(known) and min(known) > 0
