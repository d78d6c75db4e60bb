"""Bytes are added up without an error, whatever they are cut into."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import pixel_statistics as reference
from reference.threads import assert_same_bits

from cvtool.kernels import pixel_statistics
from cvtool.kernels.pixel_statistics import sum_bytes


def random_bytes(count, shape=(3, 4, 3), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


@settings(max_examples=50)
@given(
    picked=st.lists(st.integers(0, 8), max_size=60),
    shape=st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 2, 3])),
    seed=st.integers(0, 99),
)
def test_sums_equal_their_slow_twin(picked, shape, seed):
    images, indices = random_bytes(9, shape, seed), np.array(picked, np.int64)
    sums, squares = sum_bytes(images, indices)
    expected_sums, expected_squares = reference.sum_bytes(images, indices)
    assert sums.dtype == squares.dtype == np.int64
    assert sums.tolist() == expected_sums.tolist()
    assert squares.tolist() == expected_squares.tolist()


def test_images_that_lie_apart_or_may_not_be_written_to_are_taken():
    images, indices = random_bytes(8, (6, 6, 3)), np.array([1, 5, 2])
    expected = sum_bytes(np.ascontiguousarray(images[:, ::2, 1:]), indices)
    for found, wanted in zip(sum_bytes(images[:, ::2, 1:], indices), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
    frozen = images.copy()
    frozen.flags.writeable = False
    np.testing.assert_array_equal(sum_bytes(frozen, indices)[0], sum_bytes(images, indices)[0])
    assert images.flags.writeable


def test_sums_of_subsets_add_up():
    images, indices = random_bytes(50), np.arange(50)
    whole = sum_bytes(images, indices)
    parts = [sum_bytes(images, part) for part in np.split(indices, [3, 20, 41])]
    for number, total in enumerate(whole):
        np.testing.assert_array_equal(sum(part[number] for part in parts), total)


def test_so_many_white_images_do_not_overflow():
    count = 300_000
    images = np.full((1, 1, 1, 1), 255, np.uint8)
    assert count > pixel_statistics._LONGEST
    sums, squares = sum_bytes(images, np.zeros(count, np.int64))
    assert (int(sums.item()), int(squares.item())) == (255 * count, 255**2 * count)


def test_threads_change_no_bit():
    images = random_bytes(200)
    assert_same_bits(lambda: sum_bytes(images, np.arange(200)))


def test_what_cannot_be_added_up_is_refused():
    images = random_bytes(5)
    with pytest.raises(TypeError, match="not float32"):
        sum_bytes(images.astype("f4"), np.arange(5))
    for indices in ([0, 5], [-1]):
        with pytest.raises(IndexError, match="from 0 to 4"):
            sum_bytes(images, np.array(indices))
