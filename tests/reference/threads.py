"""The law that bits do not depend on the number of threads."""

import numba
import numpy as np


def assert_same_bits(compute):
    """Call ``compute``, which returns arrays or numbers, on one thread and on all."""
    most = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = [np.copy(result) for result in compute()]
    finally:
        numba.set_num_threads(most)
    for one, many in zip(alone, compute(), strict=True):
        assert one.tobytes() == np.asarray(many).tobytes()
