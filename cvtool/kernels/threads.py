"""How many threads the kernels use.

NumPy's BLAS library has threads of its own, which spin against numba's when both are busy. The core
never calls it: all products are computed in ``products`` and ``convolution``.
"""

import numba

from cvtool.errors import UsageError


def most_threads() -> int:
    """Count the threads that kernels may use: one for each processor."""
    return int(numba.config.NUMBA_NUM_THREADS)


def layer() -> str | None:
    """Name what numba runs threads on, which it chooses when the first kernel runs."""
    try:
        return str(numba.threading_layer())
    except ValueError:
        return None


def use_threads(count: int | None) -> int:
    """Let kernels use ``count`` threads, or as many as there are processors; return how many.

    Results do not depend on it, down to the last bit.

    Raises
    ------
    UsageError
        If there are fewer processors.
    """
    most = most_threads()
    if count is not None and count > most:
        raise UsageError(f"--threads takes at most {most} on this machine, not {count}")
    numba.set_num_threads(count or most)
    return count or most
