"""Gray pictures are what their slow twin makes of images of any size, type and color."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reference.pictures import gray_picture
from reference.textures import textures
from reference.threads import assert_same_bits

from cvtool.kernels.pictures import SIDE, gray_pictures


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(0, 2),
    sides=st.tuples(st.integers(1, 80), st.integers(1, 80)),
    channels=st.sampled_from([1, 3]),
    dtype=st.sampled_from(["u1", "f4", "f8"]),
)
def test_kernel_equals_its_slow_twin(seed, count, sides, channels, dtype):
    high = 256 if dtype == "u1" else 1
    random = np.random.default_rng(seed)
    images = random.uniform(0, high, (count, *sides, channels)).astype(dtype)
    expected = [gray_picture(image) for image in images]
    np.testing.assert_allclose(
        gray_pictures(images), np.reshape(expected, (count, SIDE, SIDE)), rtol=1e-4, atol=1e-3
    )


def test_pictures_of_their_own_size_are_not_changed():
    images = textures(0, 3, channels=1)
    np.testing.assert_array_equal(gray_pictures(images), images[..., 0])


@pytest.mark.parametrize("sides", [(48, 100), (9, 20)], ids=str)
def test_resizing_is_pillows_within_rounding(sides):
    (image,) = textures(1, 1, height=sides[0], width=sides[1], channels=1)
    bilinear = Image.fromarray(image[..., 0]).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(gray_pictures(image[np.newaxis])[0], bilinear, atol=1.01)


def test_read_only_and_strided_images_are_taken():
    images = textures(2, 4, height=20, width=24)
    images.flags.writeable = False
    np.testing.assert_array_equal(
        gray_pictures(images[::2, :, ::-1]), gray_pictures(images[::2, :, ::-1].copy())
    )


def test_threads_do_not_change_bits():
    assert_same_bits(lambda: [gray_pictures(textures(3, 9, height=40, width=17))])


def test_other_channels_are_refused():
    with pytest.raises(ValueError, match="one channel or three, not 2"):
        gray_pictures(np.zeros((1, 4, 4, 2)))
