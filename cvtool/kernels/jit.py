"""How kernels are compiled, and where the compiled code is kept.

Numba's own cache notices a change in the file of a kernel but not in a helper or an intrinsic that
the kernel uses from another file. The cache folder is therefore named after a hash of all sources
of this room and the numba version; a change anywhere starts a new one.

Importing this module is what imports numba, which takes a fifth of a second.
"""

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
import platformdirs
from numba.core.cpu import ParallelOptions

from cvtool.kernels.taking_turns import compile_in_turns


def _sources_hash() -> str:
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


CACHE = Path(platformdirs.user_cache_dir("cvtool")) / "kernels" / _sources_hash()
numba.config.CACHE_DIR = str(CACHE)

# Threads that wait for others look for work a few thousand times before they sleep. GNU's OpenMP,
# which numba runs on, would look a hundred times longer and starve whoever else is busy, such as a
# second training. It reads this when the first kernel runs.
os.environ.setdefault("GOMP_SPINCOUNT", "5000")

_SETTINGS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    # No freedom with numbers, not even to fuse a multiplication with an addition: code that is
    # optimized once more on its way through the cache would fuse others, and change the last bit.
    # Only the register tile fuses, and says so itself.
    "fastmath": False,
}

# Numba would also run array expressions in parallel, and sum by as many threads as there are: that
# takes long to compile and changes bits with the number of threads.
# (Not as a plain dict, which numba empties while it compiles the first kernel.)
_ONLY_PRANGE = ParallelOptions(
    {
        "prange": True,
        "comprehension": False,
        "reduction": False,
        "inplace_binop": False,
        "setitem": False,
        "numpy": False,
        "stencil": False,
        "fusion": False,
    }
)

_compile: Callable[..., Any] = numba.njit(**_SETTINGS)
_compile_parallel: Callable[..., Any] = numba.njit(**_SETTINGS | {"parallel": _ONLY_PRANGE})


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function whose ``prange`` loops run on all threads."""
    return compile_in_turns(_compile_parallel(function), CACHE)


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that kernels call inside their loops."""
    return compile_in_turns(_compile(function), CACHE)


def is_cached(module: str = "*") -> bool:
    """Whether an earlier start has left compiled kernels of exactly these sources.

    Parameters
    ----------
    module
        Which file of this room to look for; any, unless one is named.
    """
    return any(CACHE.rglob(f"{module}.*.nbc"))
