"""As many threads as pay: handing small work out takes longer than doing it."""

from collections.abc import Iterator
from contextlib import contextmanager

import numba

_WORTH_SHARING = 2**21
"""Multiply-adds of a step from which on threads share it."""


@contextmanager
def as_many_threads_as_pay(multiply_adds: int) -> Iterator[None]:
    """Let kernels use one thread where steps are small; results are the same, to the last bit.

    Several processes that each search parameters, as in ``GridSearchCV(n_jobs=4)``, would
    otherwise wait for each other's threads most of the time.
    """
    before = numba.get_num_threads()
    if multiply_adds < _WORTH_SHARING:
        numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)
