"""Curves of several runs over each other: validation drawn through, training dotted."""

from collections.abc import Sequence

from cvtool.records import Curve, RunComparison
from cvtool.render.report.blocks import Chart
from cvtool.render.report.charts.axes import line, over_epochs, symbol_of
from cvtool.render.report.charts.curves import FORMATS, PARTS
from cvtool.render.report.palette import class_token


def compared_charts(comparison: RunComparison, names: dict[str, str]) -> tuple[Chart, ...]:
    """Draw loss and accuracy of all runs that have epochs; the legend shows and hides runs.

    ``names`` tell runs apart in few letters.
    """
    made = (_chart(comparison.curves, what, names) for what in FORMATS)
    return tuple(each for each in made if each is not None)


def _chart(curves: Sequence[Curve], what: str, names: dict[str, str]) -> Chart | None:
    runs = list(dict.fromkeys(each.run for each in curves))
    known = {(each.run, each.name): each for each in curves}
    series = []
    for part, words, _ in reversed(PARTS):
        for number, run in enumerate(runs):
            curve = known.get((run, f"{part}_{what}"))
            if curve is not None:
                named, color = names.get(run, run), class_token(number)
                symbol, told = symbol_of(number), f"{named}, {words}"
                is_dotted = part == "train"
                series.append(
                    line(named, curve.values, color, told=told, is_dotted=is_dotted, symbol=symbol)
                )
    if not series:
        return None
    epochs = max(len(each["data"]) for each in series)
    values = [each for one in series for each in one["data"] if each is not None]
    option = over_epochs(
        range(1, epochs + 1),
        series,
        FORMATS[what],
        names=[names.get(run, run) for run in runs],
    )
    is_log = what == "loss" and bool(values) and min(values) > 0
    return Chart(what, option, 340, group="compared", can_be_logarithmic=is_log)
