"""The nearest rows are those of a full sort, in whatever pieces and order the rows come."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import distances as reference

from cvtool.kernels.distances import METRICS, distances
from cvtool.kernels.nearest import Neighbors, Search, merge, nearest

TYPES = ["u1", "f4", "f8"]


def vectors(count, numbers, dtype, seed=0, largest=255):
    """Draw whole numbers, so that distances often are equal where there are few."""
    return np.random.default_rng(seed).integers(0, largest + 1, (count, numbers)).astype(dtype)


def assert_same(one, other):
    for first, second in zip(one, other, strict=True):
        assert first.dtype == second.dtype
        assert first.shape == second.shape
        assert first.tobytes() == second.tobytes()


def assert_is_a_full_sort(queries, rows, k, metric):
    matrix = distances(queries, rows, metric=metric)
    found = nearest(queries, rows, k, metric=metric)
    assert_same(found, reference.nearest(matrix, k))


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("queries", "rows", "numbers", "k"),
    [(1, 1, 1, 1), (1, 300, 65, 7), (70, 5, 130, 5), (33, 97, 1100, 3), (0, 4, 9, 2), (3, 4, 0, 2)],
)
def test_nearest_are_the_first_of_a_full_sort(queries, rows, numbers, k, metric, dtype):
    for largest in (255, 1):
        given_queries = vectors(queries, numbers, dtype, 1, largest)
        given_rows = vectors(rows, numbers, dtype, 2, largest)
        assert_is_a_full_sort(given_queries, given_rows, k, metric)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    offset=st.sampled_from([0.0, 1.0, 1e3, 1e6]),
    scale=st.sampled_from([1e-30, 1e-3, 1.0, 1e20, 1e30]),
    dtype=st.sampled_from(["f4", "f8"]),
    metric=st.sampled_from(METRICS),
)
def test_rounding_never_hides_a_neighbor(seed, offset, scale, dtype, metric):
    """However much cancels, and where fast sums overflow or vanish."""
    random = np.random.default_rng(seed)
    rows = ((random.normal(size=(120, 70)) + offset) * scale).astype(dtype)
    rows[::9] *= dtype == "f8" or 1e-4
    assert_is_a_full_sort(rows[:11], rows, 6, metric)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 2**32),
    dtype=st.sampled_from(TYPES),
    metric=st.sampled_from(METRICS),
    k=st.integers(1, 12),
    numbers=st.integers(1, 70),
)
def test_chunks_in_any_order_and_merged_searches_find_the_same(seed, dtype, metric, k, numbers):
    random = np.random.default_rng(seed)
    queries, rows = vectors(5, numbers, dtype, seed, 2), vectors(60, numbers, dtype, seed + 1, 2)
    whole = nearest(queries, rows, k, metric=metric)
    cuts = [0, *sorted(random.integers(0, 61, 3).tolist()), 60]
    chunks = [(rows[a:b], a) for a, b in pairwise(cuts)]
    search = Search(queries, k, metric)
    parts = []
    for chunk, first in (chunks[index] for index in random.permutation(len(chunks))):
        search.add(chunk, first)
        one = Search(queries, k, metric)
        one.add(chunk, first)
        parts.append(one.result())
        assert parts[-1].indices.shape == (5, min(k, len(chunk)))
    assert_same(search.result(), whole)
    assert_same(merge(parts, k), whole)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), dtype=st.sampled_from(TYPES), metric=st.sampled_from(METRICS))
def test_permuting_the_rows_permutes_the_indices(seed, dtype, metric):
    queries, rows = vectors(6, 40, dtype, seed), vectors(90, 40, dtype, seed + 1)
    order = np.random.default_rng(seed).permutation(90)
    whole, permuted = (nearest(queries, each, 5, metric=metric) for each in (rows, rows[order]))
    assert permuted.distances.tobytes() == whole.distances.tobytes()
    clear = (np.diff(whole.distances) > 0).all(axis=1)  # without equals that would change places
    np.testing.assert_array_equal(order[permuted.indices][clear, :4], whole.indices[clear, :4])


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), metric=st.sampled_from(["l1", "l2"]))
def test_duplicated_dimensions_change_no_neighbor(seed, metric):
    queries, rows = vectors(6, 50, "u1", seed), vectors(90, 50, "u1", seed + 1)
    twice = nearest(np.hstack([queries] * 2), np.hstack([rows] * 2), 5, metric=metric)
    np.testing.assert_array_equal(twice.indices, nearest(queries, rows, 5, metric=metric).indices)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("metric", METRICS)
def test_the_nearest_row_is_the_first_that_is_the_same(metric, dtype):
    rows = vectors(50, 100, dtype)
    found = nearest(rows, np.vstack([rows, rows]), 2, metric=metric)
    np.testing.assert_array_equal(found.indices, np.arange(50)[:, np.newaxis] + [0, 50])
    assert (found.distances == 0).all()


def test_many_chunks_are_streamed_from_read_only_memory():
    queries, rows = vectors(3, 65, "u1", 1), vectors(500, 65, "u1", 2)
    rows.flags.writeable = False
    search = Search(queries, 8, "l2")
    for first in range(480, -1, -20):
        search.add(rows[first : first + 20], first)
    assert_same(search.result(), nearest(queries, rows, 8, metric="l2"))


def test_a_search_can_be_asked_again_and_before_anything_was_added():
    rows = vectors(9, 5, "f4")
    search = Search(rows[:2], 3, "l1")
    assert search.result().indices.shape == (2, 0)
    search.add(rows[:2], 0)
    np.testing.assert_array_equal(search.result().indices, [[0, 1], [1, 0]])
    search.add(rows[2:], 2)
    assert_same(search.result(), nearest(rows[:2], rows, 3, metric="l1"))


@pytest.mark.parametrize(
    ("k", "words"), [(0, "at least 1 nearest row, not 0"), (4, "3 rows do not have 4 nearest")]
)
def test_impossible_numbers_of_neighbors_are_refused(k, words):
    with pytest.raises(ValueError, match=words):
        nearest(np.ones((2, 3)), np.ones((3, 3)), k, metric="l1")


def test_rows_of_another_width_or_type_are_refused():
    search = Search(np.ones((2, 3)), 1, "l1")
    with pytest.raises(ValueError, match="rows of 4"):
        search.add(np.ones((2, 4)), 0)
    with pytest.raises(TypeError, match="float32 rows"):
        search.add(np.ones((2, 3), "f4"), 0)
    assert isinstance(search.result(), Neighbors)


@pytest.mark.peer
@pytest.mark.parametrize(("metric", "theirs"), [("l1", "manhattan"), ("l2", "euclidean")])
@pytest.mark.parametrize("dtype", TYPES)
def test_scikit_learn_finds_the_same_neighbors_of_whole_numbers(dtype, metric, theirs):
    neighbors = pytest.importorskip(
        "sklearn.neighbors", reason="scikit-learn is the peer of this test"
    )
    queries, rows = vectors(40, 200, dtype, 1), vectors(600, 200, dtype, 2)
    peer = neighbors.NearestNeighbors(n_neighbors=6, algorithm="brute", metric=theirs)
    expected, indices = peer.fit(rows.astype("f8")).kneighbors(queries.astype("f8"))
    found = nearest(queries, rows, 6, metric=metric)
    np.testing.assert_array_equal(found.distances, expected)
    # Among equals their order is whichever: compare where there are none.
    clear = (np.diff(expected) > 0).all(axis=1)
    np.testing.assert_array_equal(found.indices[clear, :5], indices[clear, :5])
