"""The slow twins of the kernels that add up or bound weights, in exact sums."""

import math

import numpy as np


def sum_of_squares(array):
    return math.fsum(float(x) ** 2 for x in array.flat)


def penalty(weights, square, absolute):
    return math.fsum(square * float(w) ** 2 + absolute * abs(float(w)) for w in weights.flat)


def penalty_gradient(weights, square, absolute):
    return 2 * square * weights + absolute * np.sign(weights)


def limit_column_norms(matrix, limit):
    columns = []
    for column in matrix.T:
        norm = math.sqrt(sum_of_squares(column))
        columns.append(column * (limit / norm) if norm > limit else column)
    return np.array(columns).T
