"""A program: print whether kernels came from the cache, and a digest of what they compute.

Run in processes of its own by ``test_cache.py``.
"""

from hashlib import blake2b

import numpy as np
from reference.batches import random_batch

from cvtool.kernels import elementwise, squashing, updates
from cvtool.kernels.convolution import convolve, convolve_grad_filters, convolve_grad_images
from cvtool.kernels.jit import is_cached
from cvtool.kernels.memory import Bordered
from cvtool.kernels.normalization import moments, normalize_grad
from cvtool.kernels.sums import penalize


def pointwise():
    inputs = random_batch((5, 7, 6, 13), "f4")
    for function in (elementwise.relu, squashing.sigmoid, squashing.tanh):
        outputs = np.empty_like(inputs)
        function(inputs, outputs)
        yield outputs
    mean, variance = moments(inputs)
    out = np.empty_like(inputs)
    yield from (mean, variance, out)
    yield from normalize_grad(outputs, inputs, mean, 1 / np.sqrt(variance), mean, out=out)


def optimizer():
    weights, gradient, means, squares = (abs(random_batch(999, "f4", seed)) for seed in range(4))
    updates.adam(weights, gradient, means, squares, 0.01, (0.9, 0.999), 1e-8, 3, 0.99)
    updates.momentum(weights, gradient, means, 0.01, 0.9, True)
    yield np.array(penalize(weights, gradient, 0.1, 0.2))
    yield from (weights, gradient, means, squares)


def convolution():
    images, filters = random_batch((3, 7, 6, 13), "f4"), random_batch((3, 3, 13, 21), "f4")
    bordered = Bordered.around(images, 1)
    outputs = convolve(bordered, filters, filters[0, 0, 0])
    grads = Bordered.around(outputs, 1)
    yield outputs
    out = np.empty_like(images)
    yield convolve_grad_images(grads, filters, stride=1, padding=1, out=out, mask=images)
    bias = np.empty(21, "f4")
    yield convolve_grad_filters(bordered, grads, stride=1, out=np.empty_like(filters), bias=bias)
    yield bias


if __name__ == "__main__":
    print("cached" if is_cached() else "fresh")
    for work in (pointwise, optimizer, convolution):
        digest = blake2b(digest_size=8)
        for array in list(work()):
            digest.update(array.tobytes())
        print(work.__name__, digest.hexdigest())
