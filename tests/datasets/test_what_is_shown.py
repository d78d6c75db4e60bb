"""What is shown of images: bytes, means of classes, signed numbers around gray."""

import numpy as np
import pytest

from cvtool.datasets.dataset import Examples
from cvtool.datasets.looking import around_gray, as_bytes, class_counts, class_means
from cvtool.datasets.split import Subset, whole


def examples(dtype=np.uint8):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (40, 3, 4, 3)).astype(dtype)
    return Examples(images, random.integers(-1, 4, 40), left_out=np.array([0, 7, 39]))


def test_bytes_are_stored_pixels_from_zero_to_one():
    stored = np.array([-1.0, 0.0, 0.5, 1.0, 9.0, np.nan])
    assert as_bytes(stored).tolist() == [0, 0, 128, 255, 255, 0]
    pixels = np.arange(5, dtype=np.uint8)
    assert as_bytes(pixels).tolist() == pixels.tolist()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_means_and_counts_are_of_what_is_kept(dtype, monkeypatch):
    monkeypatch.setattr("cvtool.datasets.mapped._BYTES_AT_ONCE", 300)
    some = examples(dtype)
    means, counts = class_means(whole(some), 3), class_counts(some.labels[some.kept], 3)
    for label in range(3):
        own = [at for at in some.kept if some.labels[at] == label]
        assert counts[label] == len(own)
        np.testing.assert_allclose(means[label], some.images[own].mean(axis=0), rtol=1e-6)


def test_means_of_some_images_know_nothing_of_the_others():
    some = examples()
    chosen = np.array([1, 5, 6, 20, 33])
    alone = Examples(some.images[chosen], some.labels[chosen])
    expected = class_means(whole(alone), 4)
    np.testing.assert_array_equal(class_means(Subset(some, chosen), 4), expected)


def test_a_class_without_images_has_a_mean_of_zero():
    assert (class_means(whole(examples()), 6)[4:] == 0).all()


def test_signed_numbers_lie_around_gray():
    images = np.array([[-2.0, 0.0, 2.0], [0.0, 0.5, 1.0], [0.0, 0.0, 0.0]]).reshape(3, 1, 3, 1)
    seen = [around_gray(image).ravel().tolist() for image in images]
    assert seen == [[0, 128, 255], [128, 191, 255], [128] * 3]
