"""One thread or all of them, which must not change a bit."""

from contextlib import contextmanager

import numba
import numpy as np


@contextmanager
def one_thread():
    """Compute on one thread: many small calls would rather wait for the others than be helped."""
    most = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(most)


def assert_same_bits(compute):
    """Call ``compute``, which returns arrays or numbers, on one thread and on all."""
    with one_thread():
        alone = [np.copy(result) for result in compute()]
    for one, many in zip(alone, compute(), strict=True):
        assert one.tobytes() == np.asarray(many).tobytes()
