"""Timing ourselves and a peer on the same work, in turn.

Machines are shared and change their speed from one second to the next. Runs therefore alternate,
A B A B …, and what is reported is the median of each and the ratio of the medians.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median
from time import perf_counter

import numba
import numpy as np

from cvtool.kernels.jit import kernel
from cvtool.kernels.processor import TILE
from cvtool.kernels.tile import rows_tile

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Median seconds of ourselves and of every peer."""

    ours: float
    peers: Mapping[str, float]

    def ratio(self, peer: str) -> float:
        """How many times as fast as the peer we are."""
        return self.peers[peer] / self.ours


def compare(ours: Work, peers: Mapping[str, Work], *, rounds: int = 21, warmup: int = 3) -> Timing:
    """Run everything in turn and take medians."""
    works = {"": ours, **peers}
    for work in works.values():
        for _ in range(warmup):
            work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            started = perf_counter()
            work()
            seconds[name].append(perf_counter() - started)
    medians = {name: median(values) for name, values in seconds.items()}
    return Timing(medians.pop(""), medians)


@kernel
def _spin(low, start, a, offsets, b, columns, inner, out, rounds):
    for thread in numba.prange(out.shape[0]):
        for _ in range(rounds):
            rows_tile(
                low, start.ctypes.data, a.ctypes.data, offsets.ctypes.data, 0, b.ctypes.data,
                columns, 0, inner, 1, out[thread].ctypes.data, offsets.ctypes.data,
            )  # fmt: skip


@cache
def peak() -> float:
    """Floating-point operations a second of the register tile on data in the first cache."""
    inner, columns, rounds = 96, TILE.columns(np.float32), 20_000
    threads = numba.get_num_threads()
    a = np.ones((TILE.rows, inner), np.float32)
    b = np.ones((inner, columns), np.float32)
    offsets = np.arange(TILE.rows) * inner
    out = np.zeros((threads, TILE.rows * inner + columns), np.float32)
    start = np.zeros(columns, np.float32)
    work = (np.float32(-np.inf), start, a, offsets, b, columns, inner, out)
    _spin(*work, 1)
    best = np.inf
    for _ in range(5):
        started = perf_counter()
        _spin(*work, rounds)
        best = min(best, perf_counter() - started)
    return 2 * TILE.rows * columns * inner * rounds * threads / best
