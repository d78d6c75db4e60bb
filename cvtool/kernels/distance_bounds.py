"""How much nearer a row may be than a fast sum says: what decides who is compared precisely.

A sum over n terms, each rounded, is off by at most γₙ·Σ|terms| with γₙ = n·u/(1 − n·u), u being
half the distance of 1 to the next number, in whatever order it is made (Higham, Accuracy and
Stability of Numerical Algorithms, section 3.1; fused multiplications round once less). Here a lane
of a vector sums the numbers of a piece that fall to it, and the lanes are added up: n is that many,
and the pieces are added in double precision.

By Cauchy and Schwarz Σ|qx| ≤ |q||x| ≤ (|q|² + |x|²)/2, so that |q|² + |x|² − 2·Σqx is off by
γₙ·(|q|² + |x|²) at most, Σqx/(|q||x|) by γₙ, and Σ|q − x|, all of whose terms are positive, by
γₙ₊₁ of itself. To each comes a little for the sums in double precision: of the norms, and the
precise distance's own.

That holds as long as nothing leaves the range of numbers. A vector long or short enough for that,
which real data has not, is always compared precisely: its least distance is minus infinity.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cvtool.kernels.byte_operations import CHUNK_BYTES
from cvtool.kernels.memory import Array
from cvtool.kernels.pair_blocks import COSINE, L1, L2
from cvtool.kernels.pair_operations import PRECISE_LANES
from cvtool.kernels.processor import TILE

_Numbers = NDArray[np.float64]


class Bounds(NamedTuple):
    """A pair's distance, squared for L2, is at least offset + offset + sum · scale · scale.

    One offset and scale for every query or row. What is computed so is exact for L1 and L2 of
    bytes.
    """

    offset: _Numbers
    scale: _Numbers


def query_bounds(norms: _Numbers, metric: int, like: Array) -> Bounds:
    """Return the part of queries; ``norms`` are Σx² (Σ|x| for L1), ``like`` is their matrix."""
    slack = _slack(like)
    if metric == L1:
        return _in_range(Bounds(np.zeros_like(norms), np.full_like(norms, 1 - slack)), norms, like)
    if metric == L2:
        return _in_range(Bounds((1 - slack) * norms, np.full_like(norms, -2.0)), norms, like)
    offset = np.full_like(norms, 1 - slack - 16 * _unit(np.float64))
    return _in_range(Bounds(offset, -_inverse_lengths(norms)), norms, like)


def row_bounds(norms: _Numbers, metric: int, like: Array) -> Bounds:
    """Return the part of rows."""
    if metric == COSINE:
        return _in_range(Bounds(np.zeros_like(norms), _inverse_lengths(norms)), norms, like)
    offset = (1 - _slack(like)) * norms if metric == L2 else np.zeros_like(norms)
    return _in_range(Bounds(offset, np.ones_like(norms)), norms, like)


def _unit(dtype: type) -> float:
    return float(np.finfo(dtype).eps) / 2


def _gamma(terms: float, unit: float) -> float:
    return terms * unit / (1 - terms * unit)


def _slack(like: Array) -> float:
    """Bound the relative error of all that is rounded; 0 for bytes, whose sums are exact."""
    if like.dtype == np.uint8:
        return 0.0
    lanes = TILE.lanes(like.dtype)
    numbers = like.shape[1]
    fast = min(numbers, CHUNK_BYTES // like.itemsize) / lanes + lanes + 2
    pieces = numbers * like.itemsize / CHUNK_BYTES + 2
    precise = numbers / PRECISE_LANES + PRECISE_LANES + pieces
    double = _unit(np.float64)
    # The last term is for products below the range, each off by less than its smallest number.
    return (
        _gamma(fast, _unit(like.dtype.type))
        + 8 * _gamma(precise + pieces, double)
        + 4e-15 * numbers
    )


def _in_range(bounds: Bounds, norms: _Numbers, like: Array) -> Bounds:
    """Give minus infinity to what may leave the range of the numbers it is summed in."""
    if like.dtype == np.uint8:
        return bounds
    limits = np.finfo(like.dtype)
    too_long = norms > limits.max / 8
    too_short = (norms > 0) & (norms < 1e15 * float(limits.smallest_subnormal))
    offset = np.where(too_long | too_short, -np.inf, bounds.offset)
    return Bounds(offset, bounds.scale)


def _inverse_lengths(norms: _Numbers) -> _Numbers:
    lengths = np.sqrt(norms)
    return np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
