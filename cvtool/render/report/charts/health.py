"""How layers fare over the epochs: updates, dead and saturated units (§6.1, §6.6)."""

from collections.abc import Sequence
from typing import Literal

from cvtool.records import EpochRecord
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import (
    Option,
    line,
    over_epochs,
    symbol_of,
    value_axis,
)
from cvtool.render.report.palette import class_token

GOOD_RATIO = 1e-3
"""What the norm of an update over that of the weights should be about (§6.6)."""

Quantity = Literal["update_ratio", "dead", "saturated"]
TITLES: dict[Quantity, str] = {
    "update_ratio": "size of updates over size of weights, about 0.001 is well",
    "dead": "rectified units that are dead",
    "saturated": "units that are saturated",
}


def health_charts(history: Sequence[EpochRecord], group: str) -> tuple[Chart, ...]:
    """Draw a chart for each quantity that some layer has."""
    made = (_chart(history, quantity, group) for quantity in TITLES)
    return tuple(each for each in made if each is not None)


def _chart(history: Sequence[EpochRecord], quantity: Quantity, group: str) -> Chart | None:
    layers = dict.fromkeys(each.layer for record in history for each in record.health)
    followed = {layer: _of_layer(history, layer, quantity) for layer in layers}
    values = {
        layer: found for layer, found in followed.items() if any(each is not None for each in found)
    }
    if not values:
        return None
    is_ratio = quantity == "update_ratio"
    form: Literal["number", "share"] = "number" if is_ratio else "share"
    series = [
        line(layer, found, class_token(number), symbol=symbol_of(number))
        for number, (layer, found) in enumerate(values.items())
    ]
    if is_ratio:
        series.append(_good_ratio(len(history)))
    option = over_epochs(
        [each.epoch for each in history],
        series,
        form,
        names=[each["name"] for each in series],
        y_axis=value_axis(form, is_log=True) if is_ratio else _share_axis(),
    )
    return Chart(TITLES[quantity], option, 280, group=group)


def _good_ratio(epochs: int) -> Option:
    """Draw what the ratio should be about, among those there are."""
    drawn = line("0.001, about right", [GOOD_RATIO] * epochs, "--soft")
    return {**drawn, "showSymbol": False, "lineStyle": {"width": 1.5, "type": "dashed"}}


def _of_layer(history: Sequence[EpochRecord], layer: str, quantity: Quantity) -> list[float | None]:
    """Follow one layer; an update of nothing has no logarithm, and is left out."""
    found = [
        next((getattr(each, quantity) for each in record.health if each.layer == layer), None)
        for record in history
    ]
    return [None if quantity == "update_ratio" and not each else each for each in found]


def _share_axis() -> Option:
    return {**value_axis("share"), "scale": False, "min": 0}
