"""Points in the plane: balanced, a function of the seed, in the places their classes have."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.datasets.opening import open_dataset
from cvtool.errors import UsageError

NAMES = ("spiral", "blobs", "checkerboard")


def points_of(examples):
    return examples.images[:, 0, 0]


@pytest.mark.parametrize("name", NAMES)
def test_points_are_images_of_one_pixel(name):
    data = open_dataset(f"{name}:images=50,test_images=20")
    assert data.has_points
    assert (data.train.images.shape, data.test.images.shape) == ((50, 1, 1, 2), (20, 1, 1, 2))
    assert data.train.images.dtype == np.float32
    assert open_dataset(f"{name}:test_images=0").test is None


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**63 - 1), count=st.integers(1, 300), classes=st.integers(2, 4))
def test_classes_are_balanced_and_more_points_begin_with_the_same(name, seed, count, classes):
    choices = f"{name}:seed={seed},classes={classes}"
    few, many = (open_dataset(f"{choices},images={n}") for n in (count, 301))
    counts = np.bincount(few.train.labels, minlength=classes)
    assert len(few.classes) == len(set(few.classes)) == classes
    assert counts.max() - counts.min() <= 1
    np.testing.assert_array_equal(few.train.images, many.train.images[:count])
    np.testing.assert_array_equal(few.train.labels, many.train.labels[:count])


@pytest.mark.parametrize("name", NAMES)
def test_seeds_and_parts_differ(name):
    one, other = (open_dataset(f"{name}:seed={seed},images=1000") for seed in (0, 1))
    assert one.checksum == open_dataset(f"{name}:seed=0,images=1000").checksum
    for others in (other.train, one.test):
        assert not (one.train.images == others.images).any()


def test_without_noise_an_arm_is_a_line_that_winds():
    data = open_dataset("spiral:noise=0,turns=1,classes=2")
    x, y = points_of(data.train).T.astype(float)
    radius = np.hypot(x, y)
    turns = np.arctan2(y, x) / (2 * np.pi) - radius - data.train.labels / 2
    np.testing.assert_allclose(turns - np.round(turns), 0, atol=1e-4)
    assert radius.max() <= 1


def test_blobs_lie_around_their_centers_as_widely_as_asked_for():
    data = open_dataset("blobs:images=4000,classes=4,noise=0.1")
    for label, center in enumerate([(1, 0), (0, 1), (-1, 0), (0, -1)]):
        points = points_of(data.train)[data.train.labels == label]
        np.testing.assert_allclose(points.mean(axis=0), center, atol=0.02)
        np.testing.assert_allclose(points.std(axis=0), 0.1, atol=0.01)


@pytest.mark.parametrize(("classes", "squares"), [(2, 4), (3, 5), (2, 2)])
def test_squares_of_the_board_have_one_color_each(classes, squares):
    data = open_dataset(f"checkerboard:images=3000,classes={classes},squares={squares}")
    columns, rows = ((points_of(data.train) + 1) / 2 * squares).astype(int).T
    np.testing.assert_array_equal((columns + rows) % classes, data.train.labels)
    assert len(set(zip(columns.tolist(), rows.tolist(), strict=True))) == squares**2


def test_noise_blurs_the_board():
    sharp, blurred = (points_of(open_dataset(f"checkerboard:noise={n}").train) for n in (0, 0.1))
    assert abs((blurred - sharp).std() - 0.1 * 2 / 4) < 0.005


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spiral:classes=1", "'classes=' takes a number of at least 2, not 1"),
        ("spiral:noise=-1", "'noise=' takes a number of at least 0, not -1"),
        ("spiral:turns=11", "'turns=' takes a number of at most 10, not 11"),
        ("spiral:squares=4", "has no choice 'squares='"),
        ("blobs:images=0", "'images=' takes a number of at least 1, not 0"),
        ("checkerboard:classes=9", "'classes=' takes a number of at most 8, not 9"),
        ("checkerboard:classes=5", "as many colors as there are squares a side, 4, not 5"),
        ("checkerboard:squares=1", "'squares=' takes a number of at least 2, not 1"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(text, words):
    with pytest.raises(UsageError, match=words):
        open_dataset(text)
