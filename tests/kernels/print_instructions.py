"""A program: compile the large tile and print its instructions, with the kind of register.

Nothing is run: the instructions may be those of another processor.
"""

import re

import numba
from numba import types

from cvtool.kernels.pair_tile import large_tile


@numba.njit(types.void(types.intp, types.UniTuple(types.intp, 13)))
def tile(chosen, rest):
    large_tile(chosen, *rest)


if __name__ == "__main__":
    (code,) = tile.inspect_asm().values()
    found = re.findall(r"^\s+(?:\{vex\}\s+)?(\w+)\s.*%([xyz]mm)\d+$", code, re.MULTILINE)
    print("\n".join(sorted({" ".join(each) for each in found})))
