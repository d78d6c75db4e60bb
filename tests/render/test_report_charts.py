"""Charts hold the numbers of their records, and everything that is drawn has one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, get_args

import numpy as np
import pytest
from render.reports import EVIL, NAN, comparison, drawn, history
from render.studies import study

from cvtool.records import (
    Bars,
    Drawn,
    Gallery,
    HeatMap,
    Histogram,
    Histograms,
    Importance,
    LayerHealth,
    Line,
    ParallelCoordinates,
    Points,
    Regions,
    Scatters,
    Scores,
)
from cvtool.render.report.blocks import Block, Chart, Charts, Pictures
from cvtool.render.report.charts.bars import bars_chart
from cvtool.render.report.charts.compared import compared_charts
from cvtool.render.report.charts.curves import curve_charts, rate_chart
from cvtool.render.report.charts.health import GOOD_RATIO, health_charts
from cvtool.render.report.charts.heat_map import heat_map_chart
from cvtool.render.report.charts.histograms import histogram_charts
from cvtool.render.report.charts.parallel import parallel_chart
from cvtool.render.report.charts.plane import points_chart, regions_charts
from cvtool.render.report.charts.scatters import scatter_charts
from cvtool.render.report.charts.scores import scores_chart
from cvtool.render.report.drawn import BLOCKS, drawn_section
from cvtool.render.report.palette import DARK, LIGHT, class_token

HISTORY = history()
EVERYTHING = drawn()


def of_kind(kind: type[Any]) -> Any:
    [found] = [each for each in EVERYTHING if isinstance(each, kind)]
    return found


def charts_of(block: Block | None) -> tuple[Chart, ...]:
    assert isinstance(block, Chart | Charts)
    return block.charts if isinstance(block, Charts) else (block,)


def series_of(chart: Chart) -> dict[str, Any]:
    """Find the first series of each name."""
    found: dict[str, Any] = {}
    for each in chart.option["series"]:
        found.setdefault(each.get("name", ""), each)
    return found


def told(mark: Mapping[str, Any]) -> dict[str, str]:
    """Read what is said of a mark."""
    return dict(map(tuple, mark["told"][1]))


def colors_in(option: Any, key: str = "") -> Iterator[str]:
    if isinstance(option, dict):
        for name, each in option.items():
            yield from colors_in(each, name)
    elif isinstance(option, list):
        for each in option:
            yield from colors_in(each, key)
    elif isinstance(option, str) and key in ("color", "borderColor", "backgroundColor"):
        yield option


def test_all_that_is_drawn_has_its_chart_or_pictures() -> None:
    assert set(BLOCKS) == set(get_args(Drawn))
    assert {type(each) for each in EVERYTHING} == set(get_args(Drawn))
    for each in EVERYTHING:
        section = drawn_section(each)
        assert section is not None
        assert section.title == each.title
        [block] = section.blocks
        assert isinstance(block, Pictures if isinstance(each, Gallery) else Chart | Charts)


CHARTED = [each for each in EVERYTHING if not isinstance(each, Gallery)]


@pytest.mark.parametrize("each", CHARTED, ids=lambda each: each.name)
def test_options_are_what_json_and_the_palette_know(each: Drawn) -> None:
    for chart in charts_of(BLOCKS[type(each)](each)):
        json.dumps(chart.option, allow_nan=False)
        for color in colors_in(chart.option):
            assert color == "transparent" or color.removeprefix("--") in set(LIGHT) & set(DARK)


def test_what_is_empty_is_not_drawn() -> None:
    none = np.empty((0, 2)), np.empty(0, np.int64)
    for nothing in (
        Gallery("a", "", (("row", ()),)),
        Points("a", "", *none, ("cat",)),
        replace(of_kind(Regions), panels=()),
        Scores("a", "", "k", (Line("l1", (), ()),)),
        HeatMap("a", "", "x", "y", (), (), np.empty((0, 0))),
        Histograms("a", "", (Histogram("b", (), ()),)),
        replace(of_kind(Scatters), marks=()),
        replace(of_kind(ParallelCoordinates), marks=()),
        Bars("a", "", ()),
    ):
        assert drawn_section(nothing) is None


def test_curves_hold_every_epoch_and_mark_the_best() -> None:
    loss, accuracy = curve_charts(HISTORY, "group")
    assert loss.option["xAxis"]["data"] == [str(each.epoch) for each in HISTORY]
    for chart, what in ((loss, "loss"), (accuracy, "accuracy")):
        series = series_of(chart)
        assert series["training"]["data"] == [getattr(each, f"train_{what}") for each in HISTORY]
        assert series["validation"]["data"] == [getattr(each, f"val_{what}") for each in HISTORY]
        assert series["best epoch"]["data"] == [[10, getattr(HISTORY[10], f"val_{what}")]]
    assert loss.can_be_logarithmic
    assert not accuracy.can_be_logarithmic


def test_a_loss_of_zero_has_no_logarithm() -> None:
    done = replace(HISTORY[-1], train_loss=0.0)
    assert not curve_charts((*HISTORY[:-1], done), "")[0].can_be_logarithmic
    lost = tuple(replace(each, train_loss=NAN, val_loss=NAN, best=False) for each in HISTORY)
    loss, _ = curve_charts(lost, "")
    assert not loss.can_be_logarithmic
    assert "best epoch" not in series_of(loss)
    assert set(series_of(loss)["training"]["data"]) == {None}


def test_a_single_epoch_is_a_mark() -> None:
    for chart in (*curve_charts(HISTORY[:1], ""), rate_chart(HISTORY[:1], "")):
        for each in chart.option["series"]:
            assert len(each["data"]) == 1
            assert each.get("showSymbol", True)


def test_the_learning_rate_is_that_of_the_records() -> None:
    [series] = rate_chart(HISTORY, "").option["series"]
    assert series["data"] == [each.learning_rate for each in HISTORY]


def test_layers_have_what_they_have() -> None:
    updates, dead = health_charts(HISTORY, "")
    series = series_of(updates)
    assert list(series) == ["conv1", "fc1", "0.001, about right"]
    ratios = [each.health[0].update_ratio for each in HISTORY]
    assert series["conv1"]["data"] == ratios
    assert series["fc1"]["data"][-1] is None  # nothing has no logarithm
    assert set(series["0.001, about right"]["data"]) == {GOOD_RATIO}
    assert updates.option["yAxis"]["type"] == "log"
    assert list(series_of(dead)) == ["relu1"]
    assert series_of(dead)["relu1"]["data"] == [0.01 * each.epoch for each in HISTORY]
    assert health_charts([replace(each, health=()) for each in HISTORY], "") == ()


def test_layers_are_told_apart_by_more_than_their_colors() -> None:
    layers = [LayerHealth(f"conv{number}", update_ratio=0.001) for number in range(4)]
    (chart,) = health_charts([replace(each, health=tuple(layers)) for each in HISTORY], "")
    symbols = [series_of(chart)[each.layer]["symbol"] for each in layers]
    assert len({*symbols}) == len(layers)


def test_runs_share_a_color_and_a_name_between_their_curves() -> None:
    names = {"runs/first": "first", "runs/second": "second", "elsewhere/second": EVIL}
    loss, accuracy = compared_charts(comparison(), names)
    assert loss.option["legend"]["data"] == list(names.values())
    for chart in (loss, accuracy):
        for number, name in enumerate(names.values()):
            own = [each for each in chart.option["series"] if each["name"] == name]
            assert [each["told"] for each in own] == [f"{name}, validation", f"{name}, training"]
            assert {each["color"] for each in own} == {class_token(number)}
            assert len({each["symbol"] for each in own}) == 1
    assert accuracy.option["series"][0]["data"] == [0.6, 0.95, 0.9]
    assert loss.option["series"][-1]["data"] == [0.9, 0.2, None]
    assert compared_charts(replace(comparison(), curves=()), names) == ()


def test_scores_are_means_with_their_deviations_and_points() -> None:
    scores = of_kind(Scores)
    chart = scores_chart(scores)
    assert chart is not None
    lines = [each for each in chart.option["series"] if each["type"] == "line"]
    assert [each["name"] for each in lines] == ["l1", EVIL]
    for line, drawn_line in zip(scores.lines, lines, strict=True):
        means = [np.mean(each) for each in line.values]
        assert [each["value"] for each in drawn_line["data"]] == [
            [x, pytest.approx(mean)] for x, mean in zip(line.x, means, strict=True)
        ]
    assert told(lines[0]["data"][1]) == {"k": "5", "mean": "60.0 % ± 10.0 %", "of": "2 values"}
    points = next(each for each in chart.option["series"] if each["type"] == "scatter")["data"]
    assert [each["value"] for each in points] == [
        [x, value]
        for x, values in zip(scores.lines[0].x, scores.lines[0].values, strict=True)
        for value in values
    ]
    bars = next(each for each in chart.option["series"] if each["type"] == "custom")
    assert bars["data"][1] == [5.0, pytest.approx(0.5), pytest.approx(0.7)]
    best = series_of(chart)["best mean"]["data"]
    assert [each["value"] for each in best] == [[5.0, pytest.approx(0.6)]]
    assert chart.option["xAxis"]["type"] == "log"
    assert chart.option["xAxis"]["ticks"] == [[1.0, "1"], [5.0, "5"], [20.0, "20"]]


def test_a_single_score_is_a_point() -> None:
    one = Scores("a", "One", "k", (Line("l1", (5.0,), ((0.5,),)),))
    chart = scores_chart(one)
    assert chart is not None
    assert [each["type"] for each in chart.option["series"]] == ["line"]
    assert chart.option["xAxis"]["min"] < 5 < chart.option["xAxis"]["max"]


def test_heat_maps_say_every_value_and_what_diverged() -> None:
    heat_map = of_kind(HeatMap)
    chart = heat_map_chart(heat_map)
    assert chart is not None
    [series] = chart.option["series"]
    cells = {tuple(each["value"][:2]): each for each in series["data"]}
    assert len(cells) == 6
    for (row, column), value in np.ndenumerate(heat_map.values):
        cell = cells[column, row]
        assert cell["visualMap"] == isfinite(value)
        if isfinite(value):
            assert cell["value"][2] == value
            assert cell["label"]["formatter"] == f"{100 * value:.1f} %"
        else:
            assert cell["label"]["formatter"] == told(cell)["accuracy"] == "diverged"
    framed = [at for at, each in cells.items() if each["itemStyle"]["borderColor"] == "--best"]
    assert framed == [(1, 0)]  # of two that are as good the first
    assert series["data"][-1] is cells[1, 0]  # above its neighbors


def test_a_heat_map_marks_the_best_it_is_told() -> None:
    chart = heat_map_chart(replace(of_kind(HeatMap), best=(1, 1)))
    assert chart is not None
    assert chart.option["series"][0]["data"][-1]["value"][:2] == [1, 1]
    lost = replace(of_kind(HeatMap), values=np.full((2, 3), NAN))
    chart = heat_map_chart(lost)
    assert chart is not None
    labels = {each["label"]["formatter"] for each in chart.option["series"][0]["data"]}
    assert labels == {"diverged"}


def test_histograms_reach_from_edge_to_edge() -> None:
    [chart] = charts_of(histogram_charts(of_kind(Histograms)))
    [series] = chart.option["series"]
    assert [each["value"] for each in series["data"]] == [[0.0, 3], [0.5, 40], [2.0, 40]]
    assert series["data"][1]["told"] == ["0.5 to 2", [["values", "40"]]]
    assert (chart.option["xAxis"]["min"], chart.option["xAxis"]["max"]) == (0.0, 2.0)


def test_every_trial_is_in_every_scatter_with_all_its_settings() -> None:
    scatters = of_kind(Scatters)
    charts = charts_of(scatter_charts(scatters))
    assert [each.title for each in charts] == [each.name for each in scatters.axes]
    for chart in charts:
        series = series_of(chart)
        assert list(series) == ["coarse", "fine", "given up", "winner"]
        assert sum(len(series[each]["data"]) for each in series if each != "winner") == 14
        fine = [told(each) for each in series["fine"]["data"]]
        trials = [each for each in study().trials if each.stage == 1]
        for mark, trial in zip(fine, trials, strict=True):
            assert mark["accuracy"] == f"{100 * trial.val_accuracy:.1f} %"
            assert mark["learning rate"] == f"{trial.params['learning_rate']:.3g}"
            assert mark["filters"] == str(trial.params["filters"])
            assert mark["arch"] == trial.params["arch"]
    [winner] = series_of(charts[0])["winner"]["data"]
    assert winner["told"][0] == "winner"


def test_parallel_lines_lie_between_the_ends_of_all_axes() -> None:
    lines = of_kind(ParallelCoordinates)
    chart = parallel_chart(lines)
    assert chart is not None
    axes = chart.option["parallelAxis"]
    assert [each["name"] for each in axes] == [*(axis.name for axis in lines.axes), "accuracy"]
    series = series_of(chart)
    assert len(series["best"]["data"]) == lines.best
    everything = [*series["best"]["data"], *series["other trials"]["data"]]
    assert len(everything) == len(lines.marks)
    for each in everything:
        assert len(each["value"]) == len(axes)
        assert all(0 <= place <= 1 for place in each["value"])
    assert max(everything, key=lambda each: each["value"][-1]) in series["best"]["data"]


def test_bars_say_what_may_be_chance() -> None:
    chart = bars_chart(of_kind(Bars))
    assert chart is not None
    [series] = chart.option["series"]
    bars = dict(zip(chart.option["yAxis"]["data"], series["data"], strict=True))
    assert bars["learning rate"]["value"] == 0.63
    assert told(bars["learning rate"])["chance"] == "p < 0.001"
    assert bars["learning rate"]["itemStyle"]["color"] == "--validation"
    assert bars["filters"]["itemStyle"]["color"] == "--pale"
    assert told(bars["arch"]) == {"share": "–", "chance": "–"}
    assert "chance" in chart.hint
    sure = bars_chart(Bars("a", "b", (Importance("dropout", 0.5, 0.001),)))
    assert sure is not None
    assert not sure.hint


def test_points_lie_where_they_are_in_the_color_of_their_class() -> None:
    points = of_kind(Points)
    chart = points_chart(points)
    assert chart is not None
    series = series_of(chart)
    assert list(series) == list(points.classes)
    assert series[EVIL]["data"] == [[0.0, 1.5]]
    assert series[EVIL]["color"] == class_token(2)
    spans = [chart.option[axis]["max"] - chart.option[axis]["min"] for axis in ("xAxis", "yAxis")]
    assert spans[0] == pytest.approx(spans[1])


def test_a_crowd_of_points_is_drawn_as_pixels() -> None:
    points = np.random.default_rng(0).normal(size=(2001, 2))
    chart = points_chart(Points("a", "b", points, np.zeros(2001, np.int64), ("all",)))
    assert chart is not None
    assert chart.is_crowded
    assert len(chart.option["series"][0]["data"]) == 2001


def test_regions_lie_below_points_and_reach_from_corner_to_corner() -> None:
    regions = of_kind(Regions)
    charts = charts_of(regions_charts(regions))
    assert [each.title for each in charts] == [each.title for each in regions.panels]
    for chart in charts:
        ground, *others = chart.option["series"]
        assert ground["draw"] == "picture"
        assert ground["data"] == [[-2.0, 2.0, 2.0, 0.0]]
        assert [each["type"] for each in others] == ["line", "scatter", "scatter", "scatter"]
    assert charts[0].option["series"][0]["picture"] != charts[1].option["series"][0]["picture"]
    alone = regions_charts(replace(regions, panels=regions.panels[:1]))
    assert isinstance(alone, Chart)
