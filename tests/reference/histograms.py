"""The slow twin of ``cvtool.kernels.histograms``: one image, pixel by pixel."""

import colorsys

import numpy as np


def color_histogram(levels, hue, bins, cells):
    height, width, channels = levels.shape
    out = np.zeros((cells, cells, bins if hue else bins**channels))
    for y in range(height):
        for x in range(width):
            number, vote = (by_hue if hue else by_all)(levels[y, x].astype(np.float64), bins)
            out[y * cells // height, x * cells // width, number] += vote
    totals = out.sum(axis=2, keepdims=True)
    return (out / np.where(totals > 0, totals, 1)).ravel()


def by_all(pixel, bins):
    digits = [min(int(level * bins / 256), bins - 1) for level in pixel]
    return int(np.ravel_multi_index(digits, (bins,) * len(digits))), 1


def by_hue(pixel, bins):
    hue, saturation, value = colorsys.rgb_to_hsv(*pixel)
    return int(hue * bins) % bins, saturation * value
