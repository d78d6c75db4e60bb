"""Pictures of a page show the pixels they were given."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from render.reports import findings, image

from cvtool.records import Gallery, Picture
from cvtool.render.plots.filters import filter_tiles
from cvtool.render.report.blocks import Pictures
from cvtool.render.report.galleries import filters_section, gallery_pictures
from cvtool.render.report.pictures import LONGEST_SIDE, shown, tinted, unit_bytes


def decoded(source: str) -> Image.Image:
    """Read a data URI."""
    head, content = source.split(",", 1)
    picture = Image.open(BytesIO(b64decode(content)))
    assert head == f"data:image/{str(picture.format).lower()};base64"
    return picture


@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3])),
    )
)
def test_small_pictures_keep_every_bit(pixels: Any) -> None:
    made = shown(pixels)
    assert (made.height, made.width) == pixels.shape[:2]
    assert made.is_small
    assert np.array_equal(np.asarray(decoded(made.source)).reshape(pixels.shape), pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_large_pictures_are_reduced(channels: int) -> None:
    ramp = np.linspace(0, 255, 600 * 400).reshape(600, 400, 1).astype(np.uint8)
    made = shown(ramp.repeat(channels, axis=2))
    assert (made.height, made.width) == (LONGEST_SIDE, round(LONGEST_SIDE * 2 / 3))
    assert not made.is_small
    seen = np.asarray(decoded(made.source).convert("L"), float)
    assert seen.shape == (made.height, made.width)
    assert abs(seen.mean() - ramp.mean()) < 2


def test_a_map_of_regions_has_its_lowest_row_at_the_bottom() -> None:
    places = np.array([[0, 0, 1], [2, 2, 2]])
    picture = decoded(tinted(places, ("#ff0000", "#00ff00", "#0000ff"), 90)).convert("RGBA")
    red, green, blue = (255, 0, 0, 90), (0, 255, 0, 90), (0, 0, 255, 90)
    assert [[picture.getpixel((x, y)) for x in range(3)] for y in range(2)] == [
        [blue] * 3,
        [red, red, green],
    ]


def test_filters_are_shown_as_the_pictures_of_runs_show_them() -> None:
    found = findings()
    section = filters_section(found)
    assert section is not None
    pictures = section.blocks[0]
    assert isinstance(pictures, Pictures)
    [(_, row)] = pictures.rows
    assert found.filters is not None
    for each, tile in zip(row, filter_tiles(found.filters), strict=True):
        assert np.array_equal(np.asarray(decoded(each.picture.source)), unit_bytes(tile))


def test_galleries_keep_rows_and_words() -> None:
    gallery = Gallery("a", "b", (("first", (Picture(image(0), "above", "below"),)), ("empty", ())))
    pictures = gallery_pictures(gallery)
    assert pictures is not None
    [(name, [picture])] = pictures.rows
    assert (name, picture.above, picture.below) == ("first", "above", "below")
