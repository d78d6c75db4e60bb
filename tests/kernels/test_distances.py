"""Distances are what their slow twins say, exact for bytes, and obey the laws of distances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import distances as reference
from reference.threads import assert_same_bits

from cvtool.kernels.distances import METRICS, distances
from cvtool.kernels.nearest import nearest

TYPES = ["u1", "f4", "f8"]
SHAPES = [(5, 7, 1), (1, 33, 63), (3, 1, 64), (9, 101, 130), (2, 3, 5000), (4, 3, 0)]


def vectors(count, numbers, dtype, seed=0):
    random = np.random.default_rng(seed)
    if dtype == "u1":
        return random.integers(0, 256, (count, numbers), np.uint8)
    return random.normal(size=(count, numbers)).astype(dtype)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_distances_equal_their_slow_twins(shape, metric, dtype):
    queries, rows = vectors(shape[0], shape[2], dtype), vectors(shape[1], shape[2], dtype, 1)
    found = distances(queries, rows, metric=metric)
    assert found.dtype == np.float64
    forms = [reference.two_loops, reference.one_loop, reference.no_loop]
    for form in forms if metric != "l1" else forms[:2]:
        expected = form(queries, rows, metric)
        if dtype == "u1" and metric != "cosine":
            np.testing.assert_array_equal(found, expected)
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dtype", TYPES)
def test_nothing_is_apart_from_itself_and_pairs_are_symmetric(dtype, metric):
    rows = vectors(40, 77, dtype)
    found = distances(rows, rows, metric=metric)
    assert (np.diagonal(found) == 0).all()
    assert (found == found.T).all()
    assert (found >= 0).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), numbers=st.integers(1, 200), added=st.integers(0, 127))
def test_bytes_that_all_become_larger_stay_as_far_apart(seed, numbers, added):
    rows = vectors(9, numbers, "u1", seed) // 2
    brighter = rows + np.uint8(added)
    for metric in ("l1", "l2"):
        before, after = (distances(each, each, metric=metric) for each in (rows, brighter))
        np.testing.assert_array_equal(before, after)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), numbers=st.integers(1, 150), dtype=st.sampled_from(TYPES))
def test_duplicated_dimensions_double_sums(seed, numbers, dtype):
    queries, rows = vectors(4, numbers, dtype, seed), vectors(7, numbers, dtype, seed + 1)
    for metric, factor in (("l1", 2), ("l2", np.sqrt(2)), ("cosine", 1)):
        once = distances(queries, rows, metric=metric)
        twice = distances(np.hstack([queries] * 2), np.hstack([rows] * 2), metric=metric)
        np.testing.assert_allclose(twice, factor * once, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", TYPES)
def test_a_zero_vector_is_at_cosine_distance_one_of_everything(dtype):
    rows = vectors(3, 20, dtype)
    rows[1] = 0
    found = distances(rows, rows, metric="cosine")
    assert (found[1] == 1).all()
    assert (found[:, 1] == 1).all()


@pytest.mark.parametrize("scale", [1e-170, 1e-100, 1e140])
def test_cosine_does_not_depend_on_lengths_however_long_or_short(scale):
    rows = vectors(5, 30, "f8")
    found = distances(rows * scale, rows * scale, metric="cosine")
    if scale < 1e-150:  # their squares are zero
        assert (found == 1).all()
    else:
        np.testing.assert_allclose(found, distances(rows, rows, metric="cosine"), atol=1e-12)
        assert (np.diagonal(found) == 0).all()


def test_distances_of_almost_equal_long_vectors_are_precise():
    rows = np.full((4, 100), 1e6, np.float32)
    rows[1, 0] += 1
    rows[2, 1] += 2
    found = distances(rows, rows, metric="l2")
    np.testing.assert_allclose(found[:3, :3] ** 2, [[0, 1, 4], [1, 0, 5], [4, 5, 0]], rtol=1e-15)


@pytest.mark.parametrize("dtype", TYPES)
def test_any_layout_of_memory_is_understood(dtype):
    wide = vectors(30, 200, dtype)
    expected = distances(wide[:, 50:150].copy(), wide[::3, 50:150].copy(), metric="l1")
    for queries, rows in (
        (wide[:, 50:150], wide[::3, 50:150]),
        (wide[::-1, 50:150][::-1], np.asfortranarray(wide[:, 50:150])[::3]),
    ):
        assert distances(queries, rows, metric="l1").tobytes() == expected.tobytes()
    rows = wide[::3, 50:150]
    rows.flags.writeable = False
    assert distances(rows, rows, metric="l1").tobytes() == expected[::3].tobytes()
    backwards = np.ascontiguousarray(wide[:, ::-1])[:, ::-1][:, 50:150]
    assert distances(backwards, rows, metric="l1").tobytes() == expected.tobytes()


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(0, 3, 5), (3, 0, 5), (0, 0, 0)], ids=str)
def test_nothing_compared_is_nothing_found(shape, dtype):
    queries, rows = vectors(shape[0], shape[2], dtype), vectors(shape[1], shape[2], dtype)
    for metric in METRICS:
        assert distances(queries, rows, metric=metric).shape == shape[:2]


def test_threads_change_no_bit():
    def compute():
        for dtype in TYPES:
            queries, rows = vectors(50, 130, dtype), vectors(301, 130, dtype, 1)
            for metric in METRICS:
                yield distances(queries, rows, metric=metric)
                yield from nearest(queries, rows, 4, metric=metric)

    assert_same_bits(compute)


@pytest.mark.parametrize(
    ("queries", "rows", "metric", "error", "words"),
    [
        (np.ones((2, 3)), np.ones((2, 3)), "L1", ValueError, "l1, l2, cosine, not L1"),
        (np.ones((2, 3)), np.ones((2, 4)), "l1", ValueError, "queries of 3 numbers"),
        (np.ones(3), np.ones((2, 3)), "l1", ValueError, r"not of an array \(3,\)"),
        (np.ones((2, 3), int), np.ones((2, 3), int), "l1", TypeError, "not int64"),
        (np.ones((2, 3), "f4"), np.ones((2, 3)), "l1", TypeError, "float32 queries"),
    ],
)
def test_what_cannot_be_compared_is_refused(queries, rows, metric, error, words):
    for compare in (distances, lambda *matrices, metric: nearest(*matrices, 1, metric=metric)):
        with pytest.raises(error, match=words):
            compare(queries, rows, metric=metric)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e200])
@pytest.mark.parametrize("metric", METRICS)
def test_numbers_without_distances_are_refused(number, metric):
    good, bad = vectors(5, 70, "f8"), vectors(5, 70, "f8")
    bad[3, 69] = number
    if metric == "l1" and number == 1e200:
        assert distances(good, bad, metric=metric).max() == 1e200
        return
    for queries, rows in ((good, bad), (bad, good)):
        with pytest.raises(ValueError, match="finite"):
            distances(queries, rows, metric=metric)
        with pytest.raises(ValueError, match="finite"):
            nearest(queries, rows, 2, metric=metric)
