"""How fast this machine is: the register tile alone, and real work that is made of it."""

from collections.abc import Callable, Generator
from statistics import median
from time import perf_counter

import numpy as np

from cvtool.kernels.convolution import convolve
from cvtool.kernels.memory import Bordered
from cvtool.kernels.peak import peak
from cvtool.kernels.products import multiply
from cvtool.records import Speed, WorkRecord

PEAK = "register tile"
ROUNDS = 9
"""Rounds of everything, in turn: machines are shared, and change their speed every second."""

_IMAGES, _SIDE, _CHANNELS = 32, 32, 64
_ROWS = 1024


def measure_speeds() -> Generator[WorkRecord, None, tuple[Speed, ...]]:
    """Measure all in turn, after a round that compiles, or loads; tell how far it is."""
    works = _works()
    found: dict[str, list[float]] = {work: [] for work in works}
    for done in range(ROUNDS + 1):
        yield WorkRecord("measuring speed, round", done, ROUNDS + 1)
        for work, measure in works.items():
            speed = measure()
            found[work] += [speed] if done else []
    most = max(found[PEAK])
    return tuple(
        Speed(work, max(speeds), median(speeds), max(speeds) / most)
        for work, speeds in found.items()
    )


def _works() -> dict[str, Callable[[], float]]:
    random = np.random.default_rng(0)
    shape = (_IMAGES, _SIDE, _SIDE, _CHANNELS)
    images = Bordered.around(random.normal(size=shape).astype(np.float32), 1)
    filters = random.normal(size=(3, 3, _CHANNELS, _CHANNELS)).astype(np.float32)
    convolved = np.empty(shape, np.float32)
    left, right = random.normal(size=(2, _ROWS, _ROWS)).astype(np.float32)
    product = np.empty((_ROWS, _ROWS), np.float32)
    convolving = 2 * convolved.size * 9 * _CHANNELS
    return {
        PEAK: peak,
        f"convolution 3×3 of {_IMAGES} images {_SIDE}×{_SIDE}×{_CHANNELS}": lambda: _speed(
            convolving, lambda: convolve(images, filters, out=convolved)
        ),
        f"matrix product {_ROWS}×{_ROWS}×{_ROWS}": lambda: _speed(
            2 * _ROWS**3, lambda: multiply(left, right, out=product)
        ),
    }


def _speed(operations: int, work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return operations / (perf_counter() - started)
