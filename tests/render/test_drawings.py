"""Regions, scores and heat maps: each is drawn by its type and shows what it was given."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from cvtool.records import Drawn, HeatMap, Line, Panel, Regions, Scores, TrainResult
from cvtool.render import training
from cvtool.render.plots import DRAWINGS, draw_pictures
from cvtool.render.plots.heat_map import draw_heat_map
from cvtool.render.plots.regions import draw_regions
from cvtool.render.plots.scores import draw_scores
from cvtool.render.plots.style import class_color, tint
from cvtool.render.terminal_pictures import terminal_picture

WINNERS = np.array([[0, 0, 1, 1], [0, 2, 2, 1]])
REGIONS = Regions(
    "regions",
    "Smoother",
    (Panel("k = 1", WINNERS), Panel("k = 3", WINNERS[::-1])),
    x=(-2.0, 2.0),
    y=(0.0, 2.0),
    points=np.array([[-1.5, 0.5], [1.5, 0.5], [0.0, 1.5]]),
    labels=np.array([0, 1, 2]),
    classes=("a", "b", "c"),
    lines=((1.0, 0.0, 0.5), (1.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
)
SCORES = Scores(
    "folds",
    "Best",
    "k",
    (
        Line("l1", (1.0, 5.0, 20.0), ((0.2, 0.4), (0.5, 0.7), (0.3, 0.3))),
        Line("l2", (1.0, 5.0, 20.0), ((0.1, 0.3), (0.4, 0.4), (0.8, 0.2))),
    ),
)
HEAT_MAP = HeatMap(
    "grid",
    "Best",
    "learning rate",
    "strength",
    (1e-4, 1e-3, 1e-2),
    (0.0, 0.1),
    np.array([[0.25, 0.5, np.nan], [0.125, 0.5, np.inf]]),
)


def test_all_that_is_drawn_has_its_drawing(tmp_path: Path) -> None:
    assert set(DRAWINGS) == set(get_args(Drawn))
    nothing = [
        replace(REGIONS, name="empty", panels=()),
        replace(SCORES, name="empty", lines=(Line("l1", (), ()),)),
        replace(HEAT_MAP, name="empty", x=(), y=(), values=np.empty((0, 0))),
    ]
    drawn = draw_pictures([REGIONS, SCORES, HEAT_MAP, *nothing], tmp_path)
    assert [path.name for path in drawn] == ["regions.png", "folds.png", "grid.png"]
    for path in drawn:
        with Image.open(path) as image:
            assert min(image.size) > 200
            assert np.asarray(image.convert("L")).std() > 5


def test_regions_are_tints_of_the_classes_and_lie_where_they_are() -> None:
    figure = draw_regions(REGIONS)
    assert figure is not None
    assert figure.get_suptitle() == "Smoother"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b", "c"]
    for axes, panel in zip(figure.axes, REGIONS.panels, strict=True):
        assert axes.get_title(loc="left") == panel.title
        (image,) = axes.get_images()
        assert image.get_extent() == [-2, 2, 0, 2]
        assert image.origin == "lower"
        assert np.array_equal(image.get_array(), panel.winners)
        colors = image.cmap(image.norm(panel.winners))[..., :3]
        for number in range(3):
            expected = tint(class_color(number))
            assert np.allclose(colors[panel.winners == number], expected, atol=1 / 255)
        assert axes.get_xlim() == (-2, 2)
        assert axes.get_ylim() == (0, 2)


def test_lines_go_through_points_that_solve_them() -> None:
    figure = draw_regions(REGIONS)
    assert figure is not None
    for axes in figure.axes:
        lines = axes.get_lines()
        assert len(lines) == 2  # 0·x + 0·y + 1 = 0 is no line
        for line, (a, b, c) in zip(lines, REGIONS.lines, strict=False):
            x, y = drawn_points(line)
            assert len(x)
            assert a * x + b * y + c == pytest.approx(0)
        (points,) = axes.collections
        assert np.array_equal(points.get_offsets(), REGIONS.points)


def test_lines_end_where_a_third_class_wins() -> None:
    """Above y = 0 the third class wins; below, the first and second meet at x = 0.25."""
    y, x = (np.linspace(-2, 2, 2 * cells + 1)[1::2] for cells in (80, 100))
    winners = np.where(y[:, None] > 0, 2, x[None] > 0.25)
    flipped = np.where(y[:, None] < 0, 2, x[None] > 0.25)
    panels = (Panel("below", winners), Panel("above", flipped))
    lines = ((1.0, 0.0, -0.25), (0.0, -2.0, 0.0), (0.0, 1.0, -1.0))
    figure = draw_regions(
        replace(REGIONS, panels=panels, x=(-2.0, 2.0), y=(-2.0, 2.0), lines=lines)
    )
    assert figure is not None
    for axes, (low, high) in zip(figure.axes, ((-2, 0), (0, 2)), strict=True):
        upright, level, nothing = map(drawn_points, axes.get_lines())
        assert np.all(upright[0] == pytest.approx(0.25))
        assert (upright[1].min(), upright[1].max()) == pytest.approx((low, high), abs=0.1)
        assert np.all(level[1] == pytest.approx(0))
        assert (level[0].min(), level[0].max()) == pytest.approx((-2, 2), abs=0.1)
        assert nothing.size == 0  # on both sides of y = 1 the same classes win


def drawn_points(line: Any) -> Any:
    points = line.get_xydata()
    return points[np.isfinite(points).all(axis=1)].T


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 1, 1), (4, 1, 4), (5, 2, 3), (9, 3, 3)])
def test_panels_fill_rows_evenly(count: int, rows: int, columns: int) -> None:
    figure = draw_regions(replace(REGIONS, panels=REGIONS.panels[:1] * count))
    assert figure is not None
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == (rows, columns)
    assert sum(axes.axison for axes in figure.axes) == count


def test_folds_are_points_around_their_mean() -> None:
    figure = draw_scores(SCORES)
    assert figure is not None
    (axes,) = figure.axes
    for line, container in zip(SCORES.lines, axes.containers, strict=True):
        means, _, (bars,) = container
        assert list(means.get_xdata()) == list(line.x)
        assert list(means.get_ydata()) == pytest.approx([np.mean(each) for each in line.values])
        lengths = [segment[1, 1] - segment[0, 1] for segment in bars.get_segments()]
        assert lengths == pytest.approx([2 * np.std(each) for each in line.values])
    scattered = np.concatenate([each.get_offsets() for each in axes.collections[1::2]])
    assert len(scattered) == 12
    assert axes.get_xscale() == "log"
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["l1", "l2", "best mean"]
    ring = axes.get_lines()[-1]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (5.0, pytest.approx(0.6))


def test_a_setting_measured_once_has_no_error_bars() -> None:
    once = Line("l1", (1.0, 2.0, 10.0), ((0.5,), (0.6,), (0.4,)))
    figure = draw_scores(replace(SCORES, lines=(once,)))
    assert figure is not None
    (axes,) = figure.axes
    assert not axes.collections
    assert axes.get_xscale() == "linear"
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "2", "10"]
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["l1", "best mean"]


def test_one_setting_is_not_called_the_best() -> None:
    alone = Line("l1", (5.0,), ((0.5, 0.6),))
    figure = draw_scores(replace(SCORES, lines=(alone,)))
    assert figure is not None
    assert figure.axes[0].get_legend() is None
    assert [list(line.get_xdata()) for line in figure.axes[0].get_lines()[:1]] == [[5.0]]


def test_times_are_logarithmic_where_they_span_much() -> None:
    slow = Line("l1", (10.0, 1000.0), ((0.02, 0.03), (2.0, 3.0)))
    figure = draw_scores(Scores("time", "", "images", (slow,), quantity="milliseconds"))
    assert figure is not None
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_title(loc="left") == "milliseconds for one image"


def test_cells_hold_their_accuracy_and_the_best_is_framed() -> None:
    figure = draw_heat_map(HEAT_MAP)
    assert figure is not None
    (axes,) = figure.axes
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written == {
        **{(0, 0): "25.0%", (1, 0): "50.0%", (2, 0): "diverged"},
        **{(0, 1): "12.5%", (1, 1): "50.0%", (2, 1): "diverged"},
    }
    (frame,) = axes.patches
    assert frame.get_xy() == (0.5, -0.5)
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0.0001", "0.001", "0.01"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["0", "0.1"]


def test_where_all_runs_diverged_no_cell_is_the_best(tmp_path: Path) -> None:
    lost = replace(HEAT_MAP, values=np.full((2, 3), np.nan))
    figure = draw_heat_map(lost)
    assert figure is not None
    assert not figure.axes[0].patches
    assert draw_pictures([lost], tmp_path)


def test_a_training_run_may_yield_whatever_can_be_drawn(
    result: TrainResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(
        "cvtool.render.plots.draw_pictures",
        lambda pictures, folder: drawn.append((pictures, folder)),
    )

    def records() -> Iterator[Any]:
        yield from (HEAT_MAP, REGIONS, result)

    training.show(records(), as_json=True)
    assert drawn == [([HEAT_MAP, REGIONS], Path(result.run) / "plots")]


def test_terminals_show_regions_with_the_lowest_row_at_the_bottom() -> None:
    one = replace(REGIONS, panels=REGIONS.panels[:1])
    shown = terminal_picture(one, 80)
    console = Console(width=80, color_system="truecolor", force_terminal=True)
    lines = console.render_lines(shown, pad=False)[-24:]
    corners = [lines[at][end].style for at in (0, -1) for end in (0, 63)]
    numbers = (0, 1, 0, 1)
    for style, number in zip(corners, numbers, strict=True):
        expected = [round(255 * part) for part in tint(class_color(number))]
        assert list(style.color.triplet) == expected
    above, below = lines[0][32].style, lines[-1][20].style
    assert list(above.color.triplet) == [round(255 * part) for part in tint(class_color(2))]
    assert list(below.bgcolor.triplet) == [round(255 * part) for part in tint(class_color(0))]
    colors = {tuple(each.style.color.triplet) for line in lines for each in line if each.style}
    colors |= {tuple(each.style.bgcolor.triplet) for line in lines for each in line if each.style}
    points = {tuple(int(class_color(n)[i : i + 2], 16) for i in (1, 3, 5)) for n in range(3)}
    assert points < colors


def test_terminals_leave_charts_to_files() -> None:
    assert terminal_picture(SCORES, 80) is None
    assert terminal_picture(HEAT_MAP, 80) is None
