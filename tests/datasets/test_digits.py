"""The embedded digits are those of scikit-learn, stretched to bytes."""

import numpy as np
import pytest

from cvtool.datasets.opening import open_dataset


def test_digits_have_their_shape_and_parts():
    digits = open_dataset("digits")
    assert digits.image_shape == (8, 8, 1)
    assert digits.classes == tuple("0123456789")
    assert [len(digits.train), digits.validation, len(digits.test)] == [1500, None, 297]
    assert digits.train.images.dtype == np.uint8
    assert digits.train.images.max() == 255
    assert digits.train.labels.dtype == np.int64


@pytest.mark.peer
def test_digits_are_those_of_scikit_learn():
    peers = pytest.importorskip("sklearn.datasets", reason="compares with scikit-learn")
    digits, theirs = open_dataset("digits"), peers.load_digits()
    images = np.concatenate([digits.train.images, digits.test.images])[..., 0]
    np.testing.assert_allclose(images / 255 * 16, theirs.images, atol=16 / 255 / 2 + 1e-9)
    labels = np.concatenate([digits.train.labels, digits.test.labels])
    np.testing.assert_array_equal(labels, theirs.target)
