"""The most that this processor can do, as measured: the register tile on data in the first cache.

Nothing that is made of the tile can be faster, so speeds are told as shares of this.
"""

from time import perf_counter

import numba
import numpy as np

from cvtool.kernels.jit import kernel
from cvtool.kernels.memory import Array
from cvtool.kernels.processor import TILE
from cvtool.kernels.tile import rows_tile

_INNER = 96
_ROUNDS = 10_000


def peak() -> float:
    """Measure once: floating-point operations a second of the tile, in float32, on all threads."""
    threads, columns = numba.get_num_threads(), TILE.columns(np.float32)
    a = np.ones((TILE.rows, _INNER), np.float32)
    b = np.ones((_INNER, columns), np.float32)
    spin(a, b, threads, 1)  # which compiles, or loads
    started = perf_counter()
    spin(a, b, threads, _ROUNDS)
    seconds = perf_counter() - started
    return 2 * TILE.rows * columns * _INNER * _ROUNDS * threads / seconds


def spin(a: Array, b: Array, threads: int, rounds: int) -> Array:
    """Compute one and the same tile of ``a @ b`` again and again, on every thread.

    Parameters
    ----------
    a, b
        ``(TILE.rows, inner)`` and ``(inner, TILE.columns)``, of float32.

    Returns
    -------
    ``(threads, TILE.rows, TILE.columns)``, the same product for each thread.
    """
    columns, inner = b.shape[1], a.shape[1]
    sources, targets = np.arange(TILE.rows) * inner, np.arange(TILE.rows) * columns
    # Threads write apart, so that no two share a line of the cache.
    out = np.zeros((threads, TILE.rows * columns + _INNER), np.float32)
    start = np.zeros(columns, np.float32)
    _spin(np.float32(-np.inf), start, a, sources, b, columns, inner, out, targets, rounds)
    return out[:, : TILE.rows * columns].reshape(threads, TILE.rows, columns)


@kernel
def _spin(low, start, a, sources, b, columns, inner, out, targets, rounds):
    for thread in numba.prange(out.shape[0]):
        for _ in range(rounds):
            rows_tile(
                low, start.ctypes.data, a.ctypes.data, sources.ctypes.data, 0, b.ctypes.data,
                columns, 0, inner, 1, out[thread].ctypes.data, targets.ctypes.data,
            )  # fmt: skip
