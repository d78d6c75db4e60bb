"""The slow twin of ``cvtool.kernels.pixel_statistics``: image by image, in whole numbers."""

import numpy as np


def sum_bytes(images, indices):
    sums = np.zeros(images.shape[1:], object)
    squares = np.zeros(images.shape[3], object)
    for index in indices:
        image = images[index].astype(object)
        sums += image
        squares += (image**2).sum(axis=(0, 1))
    return sums, squares
