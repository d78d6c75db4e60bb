"""Cells of the plane cover the points and a margin, without gaps, in the order of panels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtool.diagnostics.plane import plane

number = st.floats(-100, 100, width=32)
points = st.lists(st.tuples(number, number), min_size=1, max_size=20).map(np.array)


@given(points, st.integers(1, 40))
def test_every_point_lies_in_a_square_cell_of_the_plane(points, cells):
    around = plane(points, cells)
    height, width = around.shape
    assert max(height, width) == cells
    for axis, (first, last) in enumerate((around.x, around.y)):
        assert np.all(points[:, axis] > first)
        assert np.all(points[:, axis] < last)
    sides = [(around.x[1] - around.x[0]) / width, (around.y[1] - around.y[0]) / height]
    assert sides[0] == pytest.approx(sides[1])


def test_cells_are_images_of_two_features_row_by_row_from_below():
    around = plane(np.array([[0.0, 0.0], [4.0, 1.0]]), cells=10)
    height, width = around.shape
    assert around.grid.shape == (height * width, 1, 1, 2)
    assert around.grid.dtype == np.float32
    x, y = around.grid.reshape(height, width, 2).transpose(2, 0, 1)
    assert np.all(np.diff(x, axis=1) > 0)
    assert np.all(np.diff(y, axis=0) > 0)
    side = (around.x[1] - around.x[0]) / width
    assert x[0, 0] == pytest.approx(around.x[0] + side / 2)
    assert x[0, -1] == pytest.approx(around.x[1] - side / 2)
    assert y[0, 0] == pytest.approx(around.y[0] + side / 2)
    assert y[-1, 0] == pytest.approx(around.y[1] - side / 2)


def test_images_of_points_are_points():
    flat = np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32)
    assert plane(flat).x == plane(flat.reshape(9, 1, 1, 2)).x
