"""What is said and shown of a trial, alike in all charts of a study."""

from collections.abc import Sequence

from cvtool.records import SearchedAxis, StageKind, TrialMark
from cvtool.records.params import setting_value
from cvtool.render.quantities import share
from cvtool.render.report.charts.axes import Option
from cvtool.render.report.charts.told import told

CROSS = "path://M0 1L1 0L5 4L9 0L10 1L6 5L10 9L9 10L5 6L1 10L0 9L4 5Z"
GIVEN_UP, WINNER = "given up", "winner"

STYLES: dict[str, Option] = {
    "coarse": {
        "symbol": "circle",
        "itemStyle": {"color": "--card", "borderColor": "--validation", "borderWidth": 1.6},
    },
    "fine": {"symbol": "circle", "color": "--validation"},
    "halving": {"symbol": "triangle", "color": "--class-4"},
    "extension": {"symbol": "diamond", "color": "--class-2"},
    "repeats": {"symbol": "rect", "color": "--class-3"},
    GIVEN_UP: {"symbol": CROSS, "color": "--training"},
}
"""How trials look by the stage they are of, as in the pictures; those that failed, by that."""


def kind_of(mark: TrialMark) -> StageKind | str:
    """Name the style of a trial."""
    return mark.stage if mark.outcome == "finished" else GIVEN_UP


def trial_told(mark: TrialMark, axes: Sequence[SearchedAxis], head: str = "") -> list[object]:
    """Say all settings of a trial, and what it reached."""
    rows = [("accuracy", share(mark.accuracy))]
    rows += [
        (axis.name, _value(axis, value)) for axis, value in zip(axes, mark.values, strict=True)
    ]
    ended = mark.stage if mark.outcome == "finished" else f"{mark.stage}, {mark.outcome}"
    return told(head or ended, rows)


def _value(axis: SearchedAxis, value: float) -> str:
    if axis.words:
        return axis.words[round(value)]
    return str(round(value)) if axis.whole else setting_value(float(value))
