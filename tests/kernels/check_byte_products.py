"""A program: multiply stored bytes, forward and back, compare with the slow twin, print the tile.

Run in a process of its own by ``test_tiles.py``, because a process has one tile.
"""

import numpy as np
from reference import byte_products as reference
from reference.batches import whole_numbers

from cvtool.kernels.byte_products import byte_gradient, fold, multiply_bytes
from cvtool.kernels.processor import TILE


def check(count, pixels, classes, dtype="f4"):
    images = np.random.default_rng(0).integers(0, 256, (count, pixels), np.uint8)
    moments = whole_numbers(pixels, dtype, 1), np.exp2(whole_numbers(pixels, dtype, 2))
    weights, bias = whole_numbers((pixels, classes), dtype, 3), whole_numbers(classes, dtype, 4)
    grads = whole_numbers((count, classes), dtype, 5)
    # Whole numbers and powers of two: every sum is exact, in whatever order it is made.
    scores = multiply_bytes(images, *fold(weights, bias, *moments))
    np.testing.assert_array_equal(scores, reference.scores(images, weights, bias, *moments))
    found = byte_gradient(images, grads, *moments)
    for each, expected in zip(found, reference.gradients(images, grads, *moments), strict=True):
        np.testing.assert_array_equal(each, expected)


if __name__ == "__main__":
    for count, pixels, classes in ((1, 1, 1), (3, 70, 5), (13, 200, 11), (37, 64, 10)):
        check(count, pixels, classes)
    print(TILE.name)
