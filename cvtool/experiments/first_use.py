"""What to say where there is a wait at the first use on a machine, and never again."""

from collections.abc import Iterator

from cvtool.kernels.jit import is_cached
from cvtool.records import Note


def compiling(what: str = "the core", module: str = "*") -> Iterator[Note]:
    """Say that kernels are about to be compiled, unless an earlier start has left them.

    Parameters
    ----------
    what
        What they do, in words.
    module
        Which file of kernels to look for; see ``is_cached``.
    """
    if not is_cached(module):
        yield Note(f"compiling {what} for this processor, once; later starts load it")
