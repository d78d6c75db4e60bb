"""A vocabulary is learned from random patches of the training images, and of nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.feature_images import Training, fitted, random_images, written
from reference.visual_words import normalized as normalized_by_hand

from cvtool.errors import UsageError
from cvtool.features.clustering import assign, cluster, middles
from cvtool.features.feature_set import FeatureSet
from cvtool.features.patches import normalized, random_patches, whitened, whitening
from cvtool.records import Note, WorkRecord, finish


def patches_of(images, count=300, side=4, seed=0):
    return finish(random_patches(Training(images), count=count, side=side, seed=seed))


def test_patches_are_crops_of_the_images_normalized():
    images = random_images(3, (7, 6, 3))
    crops = {
        normalized_by_hand(image[y : y + 4, x : x + 4].astype(float).ravel())
        .astype("f4")
        .round(4)
        .tobytes()
        for image in images
        for y in range(4)
        for x in range(3)
    }
    found = {patch.round(4).tobytes() for patch in patches_of(images)}
    assert found == crops  # 300 draws find all 36


def test_faint_patches_stay_faint():
    faint = np.array([[5, 5, 5, 6], [0, 0, 0, 255]], np.float32)
    found = normalized(faint)
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-6)
    assert found[0].std() < 0.2
    assert found[1].std() == pytest.approx(1, abs=1e-3)


def test_whitened_patches_do_not_vary_together():
    patches = patches_of(random_images(50), 5000)
    mean, matrix = whitening(patches, epsilon=1e-6)
    white = whitened(patches, mean, matrix)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-3, atol=1e-3)
    # All patches have mean 0: of 48 directions one is flat.
    variances = np.linalg.eigvalsh(np.cov(white.T))
    np.testing.assert_allclose(variances[1:], 1, atol=0.05)
    assert variances[0] < 0.05


@settings(max_examples=15)
@given(
    seed=st.integers(0, 999),
    count=st.integers(1, 12),
    kinds=st.integers(1, 30),
    dimensions=st.integers(1, 5),
)
def test_the_sum_of_squares_never_rises(seed, count, kinds, dimensions):
    random = np.random.default_rng(seed)
    rows = random.normal(size=(kinds, dimensions)).astype("f4")[random.integers(kinds, size=40)]
    centers = rows[:count].copy()
    sums = []
    for _ in range(6):
        nearest, squares = finish(assign(rows, centers))
        exact = np.square(rows[:, None] - centers).sum(axis=2)
        np.testing.assert_allclose(squares, exact.min(axis=1), atol=1e-4)
        np.testing.assert_allclose(exact[np.arange(40), nearest], exact.min(axis=1), atol=1e-4)
        sums.append(float(exact.min(axis=1).sum()))
        centers = middles(rows, nearest, squares, count)
    assert (np.diff(sums) <= 1e-3).all()


def test_a_center_without_rows_takes_the_farthest_one():
    rows = np.array([[0], [1], [2], [9]], np.float32)
    nearest, squares = np.array([0, 0, 0, 0]), np.array([0, 1, 4, 81], np.float32)
    found = middles(rows, nearest, squares, 3)
    assert found.ravel().tolist() == [3, 9, 2]


def test_clear_clusters_are_found():
    random = np.random.default_rng(0)
    corners = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    rows = (corners.repeat(50, axis=0) + random.normal(0, 0.1, (200, 2))).astype("f4")
    centers = finish(cluster(rows, rows[::50] + 3, passes=20))
    np.testing.assert_allclose(centers, corners, atol=0.1)


def test_only_what_is_given_is_looked_at_and_progress_is_told():
    training = Training(random_images(40))
    told = []
    features = FeatureSet.parse("words:words=6,patch=4,patches=100,passes=2")
    finish(features.fitting(training, seed=0), told.append)
    assert training.seen <= set(range(40))
    assert len(training.seen) > 20
    assert all(isinstance(each, Note | WorkRecord) for each in told)
    works = {each.work for each in told if isinstance(each, WorkRecord)}
    assert works == {"visual words: cutting patches, image", "visual words: clustering, patch"}
    assert all(0 < each.done <= each.total for each in told if isinstance(each, WorkRecord))


def test_the_seed_chooses_the_patches():
    images = random_images(10)
    text = "words:words=6,patch=4,patches=100"
    first, again, other = (fitted(text, images, seed).to_arrays() for seed in (0, 0, 1))
    for name in first:
        assert first[name].tobytes() == again[name].tobytes()
        assert first[name].tobytes() != other[name].tobytes()


def test_images_of_one_color_do_no_harm():
    images = np.full((5, 8, 8, 3), 90, np.uint8)
    found = written(fitted("words:words=4,patch=3,patches=50", images), images)
    assert np.isfinite(found).all()


def test_words_tell_textures_apart_that_have_the_same_colors():
    random = np.random.default_rng(0)
    stripes = np.tile(np.array([0, 200], np.uint8), (40, 16, 8))[..., np.newaxis]
    stripes = stripes + random.integers(0, 30, stripes.shape, np.uint8)
    turned = stripes[20:].transpose(0, 2, 1, 3)
    images = np.concatenate([stripes[:20], turned])
    found = written(fitted("words:words=4,patch=4,patches=400", images), images)
    middles_of_kinds = found[:10].mean(axis=0), found[20:30].mean(axis=0)
    distances = [np.square(found - middle).sum(axis=1) for middle in middles_of_kinds]
    assert (np.argmin(distances, axis=0) == np.repeat([0, 1], 20)).all()


def test_images_too_small_are_refused_before_anything_is_learned():
    with pytest.raises(UsageError, match="at least 7×7 but gets 4×4"):
        fitted("words", random_images(5, (4, 4, 3)))
