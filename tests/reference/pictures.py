"""The slow twin of ``cvtool.kernels.pictures``: a gray picture of 32×32, pixel by pixel."""

import numpy as np


def gray_picture(image, side=32):
    full = 1 if image.dtype == np.uint8 else 255
    levels = image.astype(np.float64) * full
    gray = levels @ [0.299, 0.587, 0.114] if image.shape[2] == 3 else levels[:, :, 0]
    return resize_rows(resize_rows(gray, side).T, side).T


def resize_rows(picture, side):
    """Give a picture ``side`` rows: means of those around each new row's place."""
    rows = []
    for row in range(side):
        scale = len(picture) / side
        center, reach = (row + 0.5) * scale, max(scale, 1)
        weights = [max(0, 1 - abs(y + 0.5 - center) / reach) for y in range(len(picture))]
        rows.append(np.average(picture, axis=0, weights=weights))
    return np.array(rows)
