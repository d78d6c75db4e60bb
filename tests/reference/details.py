"""The slow twin of ``cvtool.kernels.details``: two pictures, compared as the words say it."""

import numpy as np

SIDE = 32


def blurred(picture, deviation):
    reach = int(np.ceil(4 * deviation))
    offsets = np.arange(-reach, reach + 1)
    window = np.exp(-0.5 * (offsets / deviation) ** 2)
    padded = np.pad(picture.astype(np.float64), reach, mode="edge")
    rows = sum(
        weight * padded[reach + offset : reach + offset + SIDE]
        for weight, offset in zip(window / window.sum(), offsets, strict=True)
    )
    return sum(
        weight * rows[:, reach + offset : reach + offset + SIDE]
        for weight, offset in zip(window / window.sum(), offsets, strict=True)
    )


def details(picture):
    return blurred(picture, 0.7) - blurred(picture, 3.0)


def difference(first, second):
    """Return the share that remains, of the best of nine moves."""
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    fits = [correlation(*overlap(first, second, move)) for move in moves]
    one, other = overlap(first, second, moves[int(np.argmax(fits))])
    columns = [a + b for a, b in zip(explanations(one), explanations(other), strict=True)]
    rest = normal(one) - normal(other)
    fit, *_ = np.linalg.lstsq(np.stack(columns, axis=1), rest, rcond=None)
    return np.sqrt(np.mean((rest - np.stack(columns, axis=1) @ fit) ** 2))


def overlap(first, second, move):
    down, right = move
    height, width = SIDE - abs(down), SIDE - abs(right)
    top, left = max(0, -down), max(0, -right)
    return (
        first[top : top + height, left : left + width].astype(np.float64),
        second[top + down :, left + right :][:height, :width].astype(np.float64),
    )


def correlation(one, other):
    return np.sum(one * other) / np.sqrt(np.sum(one**2) * np.sum(other**2))


def normal(picture):
    inside = picture[1:-1, 1:-1]
    return ((inside - inside.mean()) / inside.std()).ravel()


def explanations(picture):
    """Brightness, contrast, moves, scalings and sharpness, of all but the border."""
    height, width = picture.shape
    y, x = np.mgrid[1 : height - 1, 1 : width - 1] / SIDE - 0.5
    deviation = picture[1:-1, 1:-1].std()
    right = (picture[1:-1, 2:] - picture[1:-1, :-2]) / deviation
    down = (picture[2:, 1:-1] - picture[:-2, 1:-1]) / deviation
    around = picture[1:-1, 2:] + picture[1:-1, :-2] + picture[2:, 1:-1] + picture[:-2, 1:-1]
    sharp = (around - 4 * picture[1:-1, 1:-1]) / deviation
    columns = (np.ones_like(right), right, down, x * right, y * down, sharp)
    return [normal(picture), *(column.ravel() for column in columns)]
