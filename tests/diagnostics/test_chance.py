"""The limit lies where the nearest of all pairs is by chance, whatever the data are like."""

import numpy as np
import pytest

from cvtool.diagnostics.data.chance import LIMIT, chance_limit


def distances_in_a_cube(points):
    firsts, seconds = np.triu_indices(len(points), 1)
    return np.linalg.norm(points[firsts] - points[seconds], axis=1)


@pytest.mark.parametrize("dimensions", [3, 5])
@pytest.mark.parametrize("count", [300, 1000])
def test_limit_is_about_the_nearest_distance_of_random_points(dimensions, count):
    random = np.random.default_rng(dimensions)
    nearest, limits = [], []
    for _ in range(5):
        points = random.random((count, dimensions))
        nearest.append(distances_in_a_cube(points).min())
        limits.append(chance_limit(distances_in_a_cube(points[:200]), count))
    assert 0.3 < np.median(limits) / np.median(nearest) < 1.5


def test_a_few_copies_in_the_sample_do_not_matter():
    random = np.random.default_rng(0)
    differences = random.normal(1.2, 0.1, 300 * 299 // 2)
    alone = chance_limit(differences, 5_000)
    differences[:40] = 0.01
    assert alone == LIMIT
    assert chance_limit(differences, 5_000) == LIMIT


def test_images_all_alike_have_no_near_duplicates():
    assert chance_limit(np.full(300, 0.0), 1_000) == 0
    assert chance_limit(np.full(300, 1.3), 1_000) == LIMIT


def test_a_handful_of_images_says_nothing_of_chance():
    assert chance_limit(np.zeros(1), 2) == LIMIT
    assert chance_limit(np.zeros(0), 1) == LIMIT


def test_more_images_come_nearer_by_chance():
    differences = np.random.default_rng(1).normal(0.7, 0.12, 10_000)
    limits = [chance_limit(differences, count) for count in (1_000, 10_000, 1_000_000)]
    assert LIMIT > limits[0] > limits[1] > limits[2] > 0
