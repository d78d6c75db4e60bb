"""What ``--explain`` says of pixel distances is so, by hand and by construction."""

from dataclasses import replace

import numpy as np
import pytest

from cvtool.datasets.dataset import Dataset, Examples
from cvtool.diagnostics.image_changes import shift
from cvtool.diagnostics.image_comparison import compare
from cvtool.diagnostics.pixel_distances import check_pixels, explain
from cvtool.diagnostics.prediction_time import growth, sizes_up_to, time_chart
from cvtool.errors import UsageError
from cvtool.records import Gallery, Scores, WorkRecord, finish, plain

CLASSES = ("a", "b", "c")


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (260, 6, 8, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def labels():
    return np.arange(260) % 3


def measure(one, other, metric):
    one, other = (each.reshape(-1).astype(np.float64) for each in (one, other))
    if metric == "l1":
        return np.abs(one - other).sum()
    if metric == "l2":
        return np.sqrt(((one - other) ** 2).sum())
    return 1 - one @ other / np.sqrt((one @ one) * (other @ other))


@pytest.mark.parametrize("metric", ["l1", "l2", "cosine"])
def test_nearest_images_are_the_nearest_ones_other_than_itself(images, labels, metric):
    seen = finish(compare(images, labels, metric=metric, seed=0))
    assert len(seen.queries) == 200
    for query in (0, 7, 199):
        image, label = seen.queries[query], seen.labels[query]
        far = np.array([measure(image, each, metric) for each in images])
        (itself,) = np.flatnonzero((images == image).all(axis=(1, 2, 3)))
        assert labels[itself] == label
        far[itself] = np.inf
        assert seen.nearest.positions[query] == far.argmin()
        assert seen.nearest.distances[query] == pytest.approx(far.min())
        far[labels == label] = np.inf
        assert seen.another_class.positions[query] == far.argmin()
        assert seen.another_class.distances[query] == pytest.approx(far.min())
        for name, changed in seen.changed.items():
            expected = measure(image, changed[query], metric)
            assert seen.to_self[name][query] == pytest.approx(expected)


def test_images_that_look_the_same_wherever_they_are_moved_stay_where_they_are(images, labels):
    flat = np.repeat(images[:, :, :1], 8, axis=2)
    seen = finish(compare(flat, labels, metric="l1", seed=0))
    changes = {each.change: each for each in seen.changes()}
    for pixels in (1, 2, 3, 4):
        moved = changes[f"shifted by {pixels} pixel{'s' if pixels > 1 else ''}"]
        assert moved.distance == 0
        assert moved.farther_than_nearest == moved.farther_than_another_class == 0
    assert changes["with a box"].distance > 0


def test_cosine_does_not_see_that_it_grows_dark(images, labels):
    floats = (images / 255).astype(np.float32)
    seen = finish(compare(floats, labels, metric="cosine", seed=0))
    changes = {each.change: each for each in seen.changes()}
    assert changes["darkened"].distance == pytest.approx(0, abs=1e-6)
    assert changes["with a box"].distance > 0.01


def test_an_image_that_stands_twice_is_nearer_to_its_twin_than_to_itself_moved(images):
    twins = np.concatenate([images[:50], images[:50]])
    seen = finish(compare(twins, np.zeros(100, np.int64), metric="l2", seed=0))
    assert not seen.nearest.distances.any()
    for each in seen.changes():
        assert each.farther_than_nearest == 1
        assert each.farther_than_another_class == 0  # there is none


@pytest.mark.parametrize(
    ("metric", "largest"), [("l1", 255 * 144), ("l2", 255 * 12), ("cosine", 1)]
)
def test_nothing_is_farther_from_a_checkerboard_than_its_negative(images, labels, metric, largest):
    board = finish(compare(images, labels, metric=metric, seed=0)).checkerboard
    assert board.distance == pytest.approx(largest)
    assert board.nearer == 1


def test_the_same_seed_takes_the_same_images(images, labels):
    first, again, other = (
        finish(compare(images, labels, metric="l1", seed=seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.queries, again.queries)
    assert first.changes() == again.changes()
    assert not np.array_equal(first.queries, other.queries)


def test_an_explanation_comes_with_a_gallery_and_a_chart(images, labels):
    told = []
    found = finish(explain(images, labels, CLASSES, metric="l1", seed=0), told.append)
    gallery, chart = (each for each in told if not isinstance(each, WorkRecord))
    assert isinstance(gallery, Gallery)
    assert isinstance(chart, Scores)
    assert (gallery.name, chart.name) == ("explained", "prediction-time")
    assert [name for name, _ in gallery.rows] == [*CLASSES, "a checkerboard"]
    _, (itself, moved, *_) = gallery.rows[0]
    assert np.array_equal(moved.image, shift(itself.image[None], 1)[0])
    assert itself.below == "0"
    assert (found.queries, found.images) == (200, 260)
    assert [each.train_images for each in found.prediction_times] == [130, 260]
    assert all(each.seconds > 0 for each in found.prediction_times)
    assert found.nearest_distance <= found.another_class_distance
    assert plain(found)["checkerboard"]["nearer"] == 1


def test_two_images_are_enough(images):
    found = finish(explain(images[:2], np.array([0, 1]), CLASSES, metric="l2", seed=0))
    assert found.nearest_distance == pytest.approx(measure(images[0], images[1], "l2"))
    assert np.isnan(found.growth)  # of one number of training images nothing can be fitted


def test_growth_is_the_power_of_the_sizes():
    times = {size: (2e-6 * size**1.5, 2e-6 * size**1.5) for size in (100, 200, 400, 800)}
    assert growth(times) == pytest.approx(1.5)
    assert "power 1.50" in time_chart(times, "l1").title
    assert np.isnan(growth({100: (1.0,)}))


def test_sizes_are_halved_down_to_a_hundred():
    assert sizes_up_to(50_000) == [1562, 3125, 6250, 12500, 25000, 50000]
    assert sizes_up_to(450) == [112, 225, 450]
    assert sizes_up_to(50) == [50]


def test_points_have_no_pixels_to_change(images, labels):
    points = Examples(np.zeros((4, 1, 1, 2), np.float32), np.zeros(4, np.int64))
    spiral = Dataset("spiral", CLASSES, points)
    with pytest.raises(UsageError, match="spiral holds points in the plane"):
        check_pixels(spiral)
    check_pixels(replace(spiral, train=Examples(images, labels)))
