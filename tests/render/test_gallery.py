"""Galleries are one sheet: every picture where it belongs, its words around it."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cvtool.records import Gallery, Picture
from cvtool.render.plots.gallery import TILE, draw_gallery

RANDOM = np.random.default_rng(0)


def picture(height: int, width: int, channels: int, above: str = "", below: str = "") -> Picture:
    image = RANDOM.integers(0, 256, (height, width, channels), dtype=np.uint8)
    return Picture(image, above, below)


ROWS = (
    ("first", (picture(4, 4, 3, "a", "b"), picture(8, 4, 1, "c"), picture(2, 4, 3, "", "d"))),
    ("second", (picture(6, 6, 1),)),
    ("nothing", ()),
    ("$1", (picture(60, 2, 3, "x" * 40), picture(2, 60, 1, "y"))),
)
PICTURES = [each for _, row in ROWS for each in row]


def draw(rows: Any = ROWS, title: str = "Title") -> tuple[Any, Any]:
    figure = draw_gallery(Gallery("name", title, rows))
    assert figure is not None
    (axes,) = figure.axes
    return figure, axes


def test_a_gallery_without_pictures_is_not_drawn() -> None:
    assert draw_gallery(Gallery("name", "Title", (("nothing", ()),))) is None


def test_all_pictures_are_shown_in_order_gray_ones_too() -> None:
    _, axes = draw()
    for shown, each in zip(axes.get_images(), PICTURES, strict=True):
        channels = each.image.shape[2]
        assert np.array_equal(shown.get_array()[..., :channels], each.image)
        assert np.all(np.ptp(shown.get_array(), axis=2) == 0) or channels == 3


def test_pictures_keep_their_proportions_and_have_frames_of_their_size() -> None:
    figure, axes = draw()
    size = figure.get_size_inches()
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx((0, size[0], size[1], 0))
    assert axes.get_position().bounds == (0, 0, 1, 1)
    for shown, frame, each in zip(axes.get_images(), axes.patches, PICTURES, strict=True):
        left, right, bottom, top = shown.get_extent()
        height, width, _ = each.image.shape
        assert (bottom - top) / (right - left) == pytest.approx(height / width)
        assert right - left <= TILE + 1e-9
        assert frame.get_bbox().bounds == pytest.approx((left, top, right - left, bottom - top))


def test_rows_go_down_and_columns_to_the_right_and_nothing_overlaps() -> None:
    _, axes = draw()
    extents = [shown.get_extent() for shown in axes.get_images()]
    rows = extents[:3], extents[3:4], extents[4:]
    for row in rows:
        assert all(one[1] < other[0] for one, other in pairwise(row))
    for upper, lower in pairwise(rows):
        assert max(each[2] for each in upper) < min(each[3] for each in lower)
    middles = [(left + right) / 2 for left, right, _, _ in (row[0] for row in rows)]
    assert middles == pytest.approx([middles[0]] * 3)


def test_many_rows_with_names_of_their_own_go_on_beside_each_other() -> None:
    row = (picture(4, 4, 3), picture(4, 4, 3))
    figure, axes = draw([(f"row {number}", row) for number in range(40)])
    width, height = figure.get_size_inches()
    assert width >= height
    lefts = [shown.get_extent()[0] for shown in axes.get_images()]
    blocks = len({round(left, 6) for left in lefts}) // 2
    assert blocks > 1
    length = 40 // blocks + (40 % blocks > 0)
    first, last = axes.get_images()[0].get_extent(), axes.get_images()[2 * length].get_extent()
    assert first[2:] == pytest.approx(last[2:])
    assert first[0] < last[0]
    written = [text.get_text() for text in axes.texts]
    assert written == [f"row {number}" for number in range(40)]


def test_rows_that_belong_together_stay_below_each_other() -> None:
    row = (picture(4, 4, 3),)
    _, axes = draw([("weights" if number % 2 else "mean", row) for number in range(40)])
    assert len({shown.get_extent()[0] for shown in axes.get_images()}) == 1


def test_words_are_above_and_below_their_picture_and_names_at_its_left() -> None:
    _, axes = draw()
    written = [text.get_text() for text in axes.texts]
    assert written == ["a", "b", "c", "d", "first", "second", f"…{'x' * 27}", "y", "$1"]
    places = {text.get_text(): text.get_position() for text in axes.texts}
    left, right, bottom, top = axes.get_images()[0].get_extent()
    assert places["a"] == (pytest.approx((left + right) / 2), pytest.approx(top, abs=0.1))
    assert places["b"] == (pytest.approx((left + right) / 2), pytest.approx(bottom, abs=0.2))
    assert places["a"][1] < top < bottom < places["b"][1]
    assert places["first"][0] < left
    assert top < places["first"][1] < bottom


def test_no_word_leaves_the_sheet_or_lies_on_another_or_on_a_picture() -> None:
    figure, axes = draw(title="A title that is wider than all the pictures below it, as may be")
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text.get_window_extent(renderer) for text in (*figure.texts, *axes.texts)]
    everything = [*texts, *(shown.get_window_extent(renderer) for shown in axes.get_images())]
    for number, box in enumerate(texts):
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in everything[number + 1 :])
