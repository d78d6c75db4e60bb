"""Stored images are gathered as they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.kernels.gathering import gather


def stored(dtype="u1"):
    random = np.random.default_rng(0)
    return random.integers(0, 256, (9, 6, 8, 3)).astype(dtype)


@settings(max_examples=30)
@given(indices=st.lists(st.integers(0, 8), max_size=20), dtype=st.sampled_from(["u1", "f4", "f8"]))
def test_images_are_copied_as_they_are(indices, dtype):
    whole, picked = stored(dtype), np.array(indices, np.int64)
    frozen = whole.copy()
    frozen.flags.writeable = False
    for images in (whole, frozen, whole[:, ::2, 1:, :2]):
        out = np.empty((len(picked), *images.shape[1:]), dtype)
        gather(images, picked, out)
        np.testing.assert_array_equal(out, images[picked])


def test_what_does_not_fit_is_refused():
    images, out = stored(), np.empty((2, 6, 8, 3), np.uint8)
    for indices in ([0, 9], [-1, 0]):
        with pytest.raises(IndexError, match="from 0 to 8"):
            gather(images, np.array(indices), out)
    with pytest.raises(ValueError, match="do not make"):
        gather(images, np.arange(3), out)
    with pytest.raises(ValueError, match="do not make"):
        gather(images, np.arange(2), np.empty((2, 6, 8, 6), np.uint8)[..., ::2])
    with pytest.raises(TypeError, match="not gathered as float32"):
        gather(images, np.arange(2), out.astype("f4"))
