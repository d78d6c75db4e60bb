"""The slow twin of ``cvtool.kernels.oriented_gradients``: one image, pixel by pixel."""

import math

import numpy as np


def gradient(levels, y, x):
    """Return the gradient ``(right, down)`` of the channel where it is largest."""
    gradients = [
        (step(levels[y, :, c], x), step(levels[:, x, c], y)) for c in range(levels.shape[2])
    ]
    return max(gradients, key=lambda each: each[0] ** 2 + each[1] ** 2)


def step(line, at):
    return line[at + 1] - line[at - 1] if 0 < at < len(line) - 1 else 0.0


def histograms(levels, cells):
    """Return ``(rows, columns, bins)``: the mean vote of a pixel of each cell."""
    bins = cells.orientations * (2 if cells.signed else 1)
    out = np.zeros((cells.rows, cells.columns, bins))
    turn = 2 * math.pi if cells.signed else math.pi
    for y in range(cells.rows * cells.side):
        for x in range(cells.columns * cells.side):
            right, down = gradient(levels.astype(np.float64), y, x)
            place = math.atan2(down, right) % turn / turn * bins
            for row, row_share in shares(y, cells.side, cells.rows, cells.spread):
                for column, column_share in shares(x, cells.side, cells.columns, cells.spread):
                    for number, share in bins_of(place, bins, cells.interpolate):
                        vote = math.hypot(right, down) * row_share * column_share * share
                        out[row, column, number] += vote / cells.side**2
    return out


def bins_of(place, bins, interpolate):
    if not interpolate:
        return [(int(place) % bins, 1)]
    low = math.floor(place - 0.5)
    share = place - 0.5 - low
    return [(low % bins, 1 - share), ((low + 1) % bins, share)]


def shares(pixel, side, cells, spread):
    """Return the cells a pixel votes in along one axis, with its share for each."""
    place = (pixel + 0.5) / side
    if not spread:
        return [(int(place), 1)]
    low = math.floor(place - 0.5)
    share = place - 0.5 - low
    return [(max(low, 0), 1 - share), (min(low + 1, cells - 1), share)]


def normalized(numbers, norm):
    total, length = numbers.sum() + 1e-5, math.sqrt((numbers**2).sum() + 1e-10)
    match norm:
        case "l1":
            return numbers / total
        case "l1-sqrt":
            return np.sqrt(numbers / total)
        case "l2":
            return numbers / length
        case "l2-hys":
            cut = np.minimum(numbers / length, 0.2)
            return cut / math.sqrt((cut**2).sum() + 1e-10)
    return numbers


def oriented_gradients(levels, cells, block, norm):
    grid = histograms(levels, cells)
    blocks = [
        normalized(grid[y : y + block, x : x + block].ravel(), norm)
        for y in range(cells.rows - block + 1)
        for x in range(cells.columns - block + 1)
    ]
    return np.concatenate(blocks)
