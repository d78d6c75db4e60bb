"""Templates are compared with what sets the means of their classes apart."""

import warnings

import numpy as np
import pytest

from cvtool.diagnostics.templates import templates

SHAPE = (4, 5, 3)
NAMES = ("cat", "dog", "frog")


@pytest.fixture
def means():
    return np.random.default_rng(0).random((3, *SHAPE))


def centered(means):
    return (means - means.mean(axis=0)).reshape(len(means), -1).T


def test_a_template_equal_to_its_centered_mean_correlates_fully(means):
    for weights, expected in ((centered(means), 1), (-3 * centered(means) + 7, -1)):
        _, correlations = templates(weights, SHAPE, means, NAMES)
        assert correlations == pytest.approx([expected] * 3)


def test_correlations_are_those_of_pearson(means):
    weights = np.random.default_rng(1).normal(size=(60, 3)).astype(np.float32)
    _, correlations = templates(weights, SHAPE, means, NAMES)
    expected = [np.corrcoef(weights[:, each], centered(means)[:, each])[0, 1] for each in range(3)]
    assert correlations == pytest.approx(expected)


def test_what_is_not_defined_is_zero_and_warns_of_nothing(means):
    means[2] = means[:2].mean(axis=0)  # no different from the mean of all
    weights = np.random.default_rng(1).normal(size=(60, 3))
    weights[:, 0], weights[3, 1] = 5, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gallery, correlations = templates(weights, SHAPE, means, NAMES)
    assert correlations[0] == 0
    assert np.isfinite(correlations).all()
    assert len(gallery.rows) == 3


def test_templates_lie_around_gray_beside_the_means(means):
    weights = np.zeros((60, 3))
    weights[0], weights[1] = 2, -2
    gallery, _ = templates(weights, SHAPE, means, NAMES)
    assert gallery.name == "templates"
    (_, learned), (_, special), (_, whole) = gallery.rows
    assert [picture.above for picture in learned] == list(NAMES)
    assert all(picture.below.startswith("r = ") for picture in special)
    assert learned[0].image[0, 0].tolist() == [255, 0, 128]
    assert np.array_equal(whole[1].image, (means[1] * 255).round().astype(np.uint8))


def test_many_classes_take_several_rows_and_only_the_first_are_shown():
    means = np.random.default_rng(0).random((120, 2, 2, 1))
    names = tuple(map(str, range(120)))
    gallery, correlations = templates(centered(means), (2, 2, 1), means, names)
    assert len(correlations) == 120
    shown = [picture.above for _, row in gallery.rows[::3] for picture in row]
    assert shown == list(names[:100])
    assert {len(row) for _, row in gallery.rows} == {10}
