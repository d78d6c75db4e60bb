"""Pictures of a study show every trial where it lies, and say what was found."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from render.studies import SPACE, study, trial

from cvtool.experiments.tune_pictures import study_pictures
from cvtool.records import (
    Bars,
    Drawn,
    Importance,
    ParallelCoordinates,
    Scatters,
    SearchedAxis,
    StageKind,
    TrialRecord,
    TuneResult,
)
from cvtool.render.plots import draw_pictures
from cvtool.render.plots.bars import draw_bars
from cvtool.render.plots.parallel_coordinates import draw_parallel_coordinates
from cvtool.render.plots.scale import (
    accuracy_scale,
    accuracy_ticks,
    searched_scale,
    searched_ticks,
)
from cvtool.render.plots.scatters import LOWER, draw_scatters
from cvtool.render.plots.style import BEST, PALE
from cvtool.tuning.space import Space

RESULT = study()


def pictures(result: TuneResult = RESULT, space: Space = SPACE) -> list[Drawn]:
    found = result.trials, result.stages, result.best, result.importance
    return list(study_pictures(space, *found))


def of_kind(kind: type[Any], drawn: Sequence[Drawn]) -> Any:
    [found] = [each for each in drawn if isinstance(each, kind)]
    return found


def test_all_three_are_drawn_and_can_be_read(tmp_path: Path) -> None:
    names = [path.name for path in draw_pictures(pictures(), tmp_path)]
    assert names == ["hyperparameters.png", "parallel_coordinates.png", "importance.png"]
    for name in names:
        with Image.open(tmp_path / name) as image:
            assert min(image.size) > 200
            assert np.asarray(image.convert("L")).std() > 5


def test_titles_say_what_was_found() -> None:
    assert [each.title for each in pictures()] == [
        "14 trials, 5 given up, the winner reaches 98.3%",
        "The best 3 of 9 trials: learning rate 0.000215 to 0.000599",
        "What mattered most: learning rate, 63% of the differences",
    ]
    unsure = (Importance("dropout", 0.3, 0.4),)
    nothing = pictures(replace(RESULT, best=None, importance=unsure))
    assert nothing[0].title == "14 trials, 5 given up, no winner"
    assert nothing[2].title == "No hyperparameter explains more than chance might"


def test_every_trial_is_a_mark_in_every_panel() -> None:
    scatters = of_kind(Scatters, pictures())
    assert [each.stage for each in scatters.marks] == ["coarse"] * 10 + ["fine"] * 4
    assert [axis.name for axis in scatters.axes] == ["learning rate", "dropout", "filters", "arch"]
    figure = draw_scatters(scatters)
    assert figure is not None
    scale = accuracy_scale(
        [each.accuracy for each in scatters.marks if each.outcome == "finished"] + [0.9834]
    )
    for axes in (each for each in figure.axes if each.get_visible()):
        marks = [line for line in axes.get_lines() if len(line.get_xdata()) == 1]
        *trials, winner = marks
        assert len(trials) == 14
        for line, mark in zip(trials, scatters.marks, strict=True):
            is_given_up = mark.outcome != "finished"
            assert (line.get_marker() == "x") == is_given_up
            is_low = is_given_up or mark.accuracy < scale.low
            assert line.get_ydata()[0] == (LOWER if is_low else scale.place(mark.accuracy))
        assert winner.get_markeredgecolor() == BEST
        assert winner.get_ydata()[0] == scale.place(0.9834)
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["coarse", "fine", "given up", "winner"]


@pytest.mark.parametrize("kind", get_args(StageKind))
def test_trials_of_every_kind_of_stage_have_a_mark_of_their_own(kind: StageKind) -> None:
    stages = (replace(RESULT.stages[0], kind=kind), *RESULT.stages[1:])
    figure = draw_scatters(of_kind(Scatters, pictures(replace(RESULT, stages=stages))))
    assert figure is not None
    assert kind in [text.get_text() for text in figure.legends[0].get_texts()]


def test_edges_of_the_search_are_lines_and_extensions_lie_beyond() -> None:
    beyond = replace(trial(1, 4), stage=2, params={**trial(1, 4).params, "learning_rate": 10.0})
    stages = (*RESULT.stages, replace(RESULT.stages[1], name="beyond", kind="extension"))
    result = replace(RESULT, stages=stages, trials=(*RESULT.trials, beyond))
    scatters = of_kind(Scatters, pictures(result))
    assert scatters.marks[-1].stage == "extension"
    figure = draw_scatters(scatters)
    assert figure is not None
    axes = figure.axes[0]
    edges = [line.get_xdata()[0] for line in axes.get_lines() if line.get_color() == PALE]
    assert edges == pytest.approx([0.0, 2 / 3])  # 1e-5 and 1e-1, of 1e-5 to 10
    assert axes.get_lines()[-2].get_xdata()[0] == pytest.approx(1.0)


@pytest.mark.parametrize("kind", get_args(StageKind))
def test_trials_of_every_kind_of_stage_are_drawn_and_named(kind: StageKind) -> None:
    stages = (RESULT.stages[0], replace(RESULT.stages[1], kind=kind))
    scatters = of_kind(Scatters, pictures(replace(RESULT, stages=stages)))
    figure = draw_scatters(scatters)
    assert figure is not None
    assert kind in [text.get_text() for text in figure.legends[0].get_texts()]


def test_trials_of_a_choice_lie_around_its_word() -> None:
    scatters = of_kind(Scatters, pictures())
    figure = draw_scatters(scatters)
    assert figure is not None
    axes = figure.axes[3]
    labels = [each.get_text() for each in axes.get_xticklabels()]
    assert labels[0] == "$1 [red]"
    assert labels[1].startswith("conv3-32 +")
    for line, mark in zip(axes.get_lines(), scatters.marks, strict=False):
        assert line.get_xdata()[0] == pytest.approx((mark.values[3] + 0.5) / 2, abs=0.13)


def test_lines_end_at_their_accuracy_with_the_best_above() -> None:
    lines = of_kind(ParallelCoordinates, pictures())
    assert len(lines.marks) == 9
    figure = draw_parallel_coordinates(lines)
    assert figure is not None
    (axes,) = figure.axes
    drawn = [line for line in axes.get_lines() if len(line.get_xdata()) == 5]
    assert len(drawn) == 9
    best = [line for line in drawn if line.get_color() == BEST]
    assert best == drawn[-3:]
    assert min(line.get_zorder() for line in best) > max(line.get_zorder() for line in drawn[:-3])
    ends = [line.get_ydata()[-1] for line in drawn]
    assert ends == sorted(ends)
    assert ends[-1] == 1.0
    names = [each.get_text() for each in axes.get_xticklabels()]
    assert names == ["learning rate", "dropout", "filters", "arch", "validation\naccuracy"]
    written = {text.get_text() for text in axes.texts}
    assert {"1e-5", "0.001", "0.1", "0.2", "16", "32", "64", "$1 [red]"} <= written


def test_bars_are_pale_where_chance_may_explain_them() -> None:
    bars = of_kind(Bars, pictures())
    assert [each.name for each in bars.bars] == ["learning rate", "dropout", "filters", "arch"]
    figure = draw_bars(bars)
    assert figure is not None
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches] == [0.63, 0.11, 0.04, 0.0]
    pale = [patch.get_facecolor() == draw_color(PALE) for patch in axes.patches]
    assert pale == [False, False, True, True]
    assert [text.get_text() for text in axes.texts] == [
        "63%",
        "11%",
        "4%, may be chance (p = 0.21)",
        "–",
    ]


def draw_color(name: str) -> tuple[float, ...]:
    return (*(int(name[at : at + 2], 16) / 255 for at in (1, 3, 5)), 1.0)


def only(*trials: TrialRecord) -> TuneResult:
    return replace(RESULT, trials=trials, best=None, importance=())


ODD: dict[str, tuple[TuneResult, Space, list[str]]] = {
    "no trial": (only(), SPACE, []),
    "one trial": (only(trial(0, 4)), SPACE, ["hyperparameters", "parallel_coordinates"]),
    "all failed": (only(trial(0, 0), trial(0, 8)), SPACE, ["hyperparameters"]),
    "no stage ended": (
        replace(only(*RESULT.trials), stages=()),
        SPACE,
        ["hyperparameters", "parallel_coordinates"],
    ),
    "nothing searched": (only(trial(0, 4)), Space(()), []),
    "one dimension": (
        RESULT,
        Space(SPACE.dimensions[:1]),
        ["hyperparameters", "parallel_coordinates", "importance"],
    ),
    "all the same": (
        only(*(replace(each, val_accuracy=1.0) for each in RESULT.trials)),
        SPACE,
        ["hyperparameters", "parallel_coordinates"],
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_studies_are_drawn_as_far_as_they_go(
    odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cvtool.render.plots.DOTS_PER_INCH", 30)
    result, space, names = ODD[odd]
    drawn = draw_pictures(pictures(result, space), tmp_path)
    assert [path.stem for path in drawn] == names


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("relu", "tanh"), ["relu", "tanh"]),
        (("conv3-16 + relu + fc-10", "x"), ["conv3-16 + relu +\nfc-10", "x"]),
        (("momentum",) * 2 + ("x" * 40,) * 5, ["momentum"] * 2 + ["x" * 20 + "…"] * 5),
    ],
)
def test_words_have_room_below_their_panel(words: tuple[str, ...], shown: list[str]) -> None:
    scatters = of_kind(Scatters, pictures())
    axis = replace(scatters.axes[3], words=words)
    figure = draw_scatters(replace(scatters, axes=(*scatters.axes[:3], axis)))
    assert figure is not None
    labels = figure.axes[3].get_xticklabels()
    assert [each.get_text() for each in labels] == shown
    assert [each.get_rotation() for each in labels] == [30.0 * (len(words) > 2)] * len(words)


def test_where_all_reach_the_same_none_stands_out() -> None:
    result, space, _ = ODD["all the same"]
    lines = of_kind(ParallelCoordinates, pictures(result, space))
    assert lines.title == "All 9 trials reach the same"
    assert lines.best == 0


@given(accuracies=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_better_accuracies_lie_higher_and_the_best_on_top(accuracies: list[float]) -> None:
    scale = accuracy_scale([*accuracies, float("nan")])
    places = [scale.place(each) for each in sorted(accuracies)]
    assert places == sorted(places)
    assert places[-1] <= 1 + 1e-9
    ticks = accuracy_ticks(scale)
    assert 2 <= len(ticks) <= 12
    assert all(-1e-6 <= each.place <= 1 + 1e-6 for each in ticks)
    assert len({each.words for each in ticks}) == len(ticks)


def test_failures_do_not_squash_what_matters() -> None:
    scale = accuracy_scale([0.1] * 3 + [0.9, 0.95, 0.97, 0.98, 0.985, 0.988, 0.99] * 4)
    assert scale.place(0.99) - scale.place(0.97) > 0.2


@given(
    low=st.floats(1e-8, 1e3),
    factor=st.floats(1.001, 1e9),
    is_log=st.booleans(),
    is_whole=st.booleans(),
)
def test_ticks_are_round_and_few(low: float, factor: float, is_log: bool, is_whole: bool) -> None:
    axis = SearchedAxis("", low, low * factor, is_log, is_whole and not is_log)
    scale = searched_scale(axis, [])
    ticks = searched_ticks(axis, scale)
    assert len(ticks) <= 10
    assert all(-1e-6 <= each.place <= 1 + 1e-6 for each in ticks)
    places = [each.place for each in ticks]
    assert places == sorted(set(places))
