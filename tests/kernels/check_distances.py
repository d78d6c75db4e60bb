"""A program: sum the pairs of blocks, find neighbors, compare with the slow twins, print the tile.

Run in a process of its own by ``test_pair_tiles.py``, because a process has one set of tiles.
"""

import numpy as np
from reference import distances as reference

from cvtool.kernels.distances import METRICS, distances
from cvtool.kernels.nearest import nearest
from cvtool.kernels.pair_blocks import COSINE, L1
from cvtool.kernels.pair_sums import block_sums, chosen_tile
from cvtool.kernels.pair_tile import FAST_PRODUCTS
from cvtool.kernels.processor import PAIRS


def check(numbers, dtype):
    rows = np.random.default_rng(numbers).integers(0, 256, (13, numbers)).astype(dtype)
    rows[0], rows[1], rows[2, ::3] = 255, 0, 255
    wide = rows.astype("f8")
    differences = abs(wide[:, None] - wide).sum(axis=2)
    for metric, expected in ((L1, differences), (COSINE, wide @ wide.T)):
        found = block_sums(chosen_tile(rows, metric), rows)
        np.testing.assert_allclose(found, expected, rtol=2e-6 if dtype == "f4" else 0)
    for metric in METRICS:
        expected = reference.two_loops(rows, rows, metric)
        found = distances(rows, rows, metric=metric)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        indices, _ = reference.nearest(found, 4)
        np.testing.assert_array_equal(nearest(rows, rows, 4, metric=metric).indices, indices)


if __name__ == "__main__":
    for dtype in ("u1", "f4", "f8"):
        for numbers in (1, 63, 64, 200, 5000):
            check(numbers, dtype)
    is_fast = chosen_tile(np.zeros((1, 1), np.uint8), COSINE) == FAST_PRODUCTS
    print(PAIRS.name, "and products of fours" if is_fast else "")
