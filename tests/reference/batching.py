"""The slow twin of ``cvtool.kernels.batching``: preprocess, flip, shift, one image at a time."""

import numpy as np


def assemble(images, indices, mean, inverse_scale, flips, shifts, dtype):
    batch = []
    for index, flip, (down, right) in zip(indices, flips, shifts, strict=True):
        image = (images[index].astype(dtype) - mean) * inverse_scale
        if flip:
            image = image[:, ::-1]
        batch.append(shift(image, down, right))
    return np.array(batch)


def shift(image, down, right):
    height, width, _ = image.shape
    shifted = np.zeros_like(image)
    for y in range(height):
        for x in range(width):
            if 0 <= y - down < height and 0 <= x - right < width:
                shifted[y, x] = image[y - down, x - right]
    return shifted
