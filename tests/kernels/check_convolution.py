"""A program: convolve, forward and back, compare with the slow twin, and print the tile's name.

Run in a process of its own by ``test_tiles.py``, because a process has one tile.
"""

import numpy as np
from reference import convolution as reference
from reference.batches import whole_numbers
from reference.products import masked

from cvtool.kernels.convolution import convolve, convolve_grad_filters, convolve_grad_images
from cvtool.kernels.memory import Bordered
from cvtool.kernels.processor import TILE


def check(stride, padding, channels, filter_count, dtype="f4"):
    images = whole_numbers((3, 7, 6, channels), dtype)
    filters = whole_numbers((3, 2, channels, filter_count), dtype, 1)
    bias = whole_numbers(filter_count, dtype, 2)
    choices = {"stride": stride, "padding": padding}
    bordered = Bordered.around(images, padding)
    outputs = convolve(bordered, filters, bias, stride=stride)
    np.testing.assert_array_equal(outputs, reference.convolve(images, filters, bias, **choices))

    grads = Bordered.around(outputs, 3)
    grad_images, grad_filters = np.empty_like(images), np.empty_like(filters)
    expected = reference.convolve_grad_images(outputs, filters, images.shape, **choices)
    for mask, wanted in ((None, expected), (images, masked(expected, images))):
        convolve_grad_images(grads, filters, **choices, out=grad_images, mask=mask)
        np.testing.assert_array_equal(grad_images, wanted)
    convolve_grad_filters(bordered, grads, stride=stride, out=grad_filters, bias=bias)
    expected = reference.convolve_grad_filters(images, outputs, (3, 2), **choices)
    np.testing.assert_array_equal(grad_filters, expected)


if __name__ == "__main__":
    for stride, padding, channels, filter_count in (
        (1, 1, 1, 1),
        (1, 2, 5, 8),
        (2, 1, 16, 9),
        (3, 0, 32, 16),
        (1, 0, 13, 37),
    ):
        check(stride, padding, channels, filter_count)
    print(TILE.name)
