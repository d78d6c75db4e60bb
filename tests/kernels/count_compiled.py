"""A program: run a kernel, and print how often it was compiled rather than loaded.

Run in processes of its own by ``test_cache.py``.
"""

import os

import numpy as np

from cvtool.kernels import elementwise

if __name__ == "__main__":
    inputs = np.linspace(-1, 1, 99, dtype=os.environ["DTYPE"]).reshape(1, 99)
    outputs = np.empty_like(inputs)
    elementwise.relu(inputs, outputs)
    np.testing.assert_array_equal(outputs, np.maximum(inputs, 0))
    print(sum(elementwise._relu.stats.cache_misses.values()))
