"""The slow twin of products of matrices: rows times columns."""

import numpy as np


def multiply(left, right, bias=0):
    outputs = np.empty((left.shape[0], right.shape[1]), right.dtype)
    for row, column in np.ndindex(outputs.shape):
        outputs[row, column] = (left[row] * right[:, column]).sum()
    return outputs + bias


def transpose(matrix):
    return np.array(
        [
            [matrix[row, column] for row in range(matrix.shape[0])]
            for column in range(matrix.shape[1])
        ],
        matrix.dtype,
    )


def rectify(numbers):
    """Set negative numbers to zero and leave NaN."""
    return np.where(numbers < 0, 0, numbers)


def masked(numbers, mask):
    """Keep what stands where a mask is positive."""
    return np.where(mask > 0, numbers, 0)


def add(one, other, share=1.0):
    outputs = np.empty_like(one)
    for index in np.ndindex(one.shape):
        outputs[index] = share * one[index] + other[index]
    return outputs
