"""Statistics are those of numpy in float64, of the training images alone, however streamed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.datasets.dataset import Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset

KINDS = ("none", "mean-image", "channel-mean", "standardize")


def subset_of(images, indices=None):
    indices = np.arange(len(images)) if indices is None else np.asarray(indices)
    return Subset(Examples(images, np.zeros(len(images), np.int64)), indices)


def expected(kind, pixels):
    """Mean and scale of pixels in [0, 1], as the notes say it (§6.2)."""
    channel = (0, 1, 2)
    mean = {
        "none": 0,
        "mean-image": pixels.mean(axis=0),
        "channel-mean": pixels.mean(axis=channel),
        "standardize": pixels.mean(axis=channel),
    }[kind]
    return mean, pixels.std(axis=channel) if kind == "standardize" else 1


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), stored=st.sampled_from(["u1", "f4", "f8"]))
def test_statistics_are_those_of_the_subset(kind, seed, stored):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (9, 4, 5, 3)).astype(stored)
    subset = subset_of(images, [1, 2, 4, 8])
    unit = 255 if stored == "u1" else 1
    mean, scale = expected(kind, images[[1, 2, 4, 8]].astype(np.float64) / unit)
    fitted = Preprocessing.fit(kind, subset)
    np.testing.assert_allclose(fitted.mean, mean, rtol=1e-6)
    np.testing.assert_allclose(fitted.scale, scale, rtol=1e-6)
    assert fitted.mean.dtype == fitted.scale.dtype == np.float32


@pytest.mark.parametrize("kind", KINDS)
def test_streaming_changes_no_bit_of_bytes(kind, monkeypatch):
    images = np.random.default_rng(0).integers(0, 256, (50, 6, 6, 3)).astype(np.uint8)
    at_once = Preprocessing.fit(kind, subset_of(images))
    monkeypatch.setattr("cvtool.datasets.mapped._BYTES_AT_ONCE", 300)
    streamed = Preprocessing.fit(kind, subset_of(images))
    assert at_once.mean.tobytes() == streamed.mean.tobytes()
    assert at_once.scale.tobytes() == streamed.scale.tobytes()


@pytest.mark.parametrize("images", [np.full((3, 2, 2, 3), 7, "u1"), np.full((7, 3, 3, 1), 0.1)])
def test_a_constant_channel_is_divided_by_one(images):
    assert (Preprocessing.fit("standardize", subset_of(images)).scale == 1).all()


def test_a_small_spread_around_a_large_mean_is_found():
    images = np.random.default_rng(0).normal(1e4, 0.5, (40, 8, 8, 1))
    scale = Preprocessing.fit("standardize", subset_of(images)).scale
    np.testing.assert_allclose(scale, images.std(), rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_rebuild_it(kind):
    images = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3)).astype(np.uint8)
    fitted = Preprocessing.fit(kind, subset_of(images))
    again = Preprocessing.from_arrays(kind, fitted.to_arrays())
    assert again.kind == kind
    np.testing.assert_array_equal(again.mean, fitted.mean)
    np.testing.assert_array_equal(again.scale, fitted.scale)
