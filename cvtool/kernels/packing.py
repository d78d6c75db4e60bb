"""A large matrix, laid out once for many products with few rows each.

The register tile goes down a panel of a few columns. In a matrix of thousands of columns each row
of the panel lies on another page of memory, and often all rows contend for the same few places in
the cache. Cut into blocks of an odd number of panels, rows are close to each other and spread over
the whole cache; the product takes a third of the time.
"""

from typing import NamedTuple

import numpy as np

from cvtool.kernels.memory import Array
from cvtool.kernels.processor import TILE
from cvtool.kernels.products import multiply

_PANELS = 15


class Block(NamedTuple):
    """Columns ``first`` to ``last`` − 1 of a matrix, followed by zeros to an odd number of panels.

    ``panels`` is ``(rows, columns′)``, C-contiguous.
    """

    first: int
    last: int
    panels: Array


def pack(matrix: Array) -> tuple[Block, ...]:
    """Copy a matrix ``(inner, columns)`` into blocks."""
    inner, columns = matrix.shape
    width = TILE.columns(matrix.dtype)
    blocks = []
    for first in range(0, columns, _PANELS * width):
        last = min(first + _PANELS * width, columns)
        count = -(-(last - first) // width)
        panels = np.zeros((inner, (count + 1 - count % 2) * width), matrix.dtype)
        panels[:, : last - first] = matrix[:, first:last]
        blocks.append(Block(first, last, panels))
    return tuple(blocks)


def multiply_packed(left: Array, blocks: tuple[Block, ...], *, out: Array) -> Array:
    """Write ``left @ matrix`` with the bits that ``multiply`` gives.

    Parameters
    ----------
    left
        ``(n, inner)`` with contiguous rows, of the matrix's type.
    blocks
        The matrix, as ``pack`` lays it out.
    out
        Where to write: ``(n, columns)`` with contiguous rows.

    Raises
    ------
    TypeError, ValueError
        If types, shapes or the layout of memory do not fit.
    """
    columns = blocks[-1].last if blocks else 0
    if out.shape != (len(left), columns):
        raise ValueError(f"{len(left)} rows times {columns} columns do not make {out.shape}")
    for block in blocks:
        multiply(left, block.panels, out=out[:, block.first : block.last])
    return out
