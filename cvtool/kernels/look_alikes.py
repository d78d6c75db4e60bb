"""Which of many pictures look alike: every pair compared, by cheaper tests before dearer ones.

First the signs of the six slowest waves that a mirror leaves alone, by which the pictures are
sorted: two thirds of all pairs disagree in more than two of them. Then the hashes: how many of 64
bits differ, which leaves about one pair in a hundred. Then the correlation of the signatures, in
whole numbers, which leaves one in a thousand. Last what remains of their difference once a move and
a scaling are taken out of it. Mirror images are compared in the same pass, for they only negate the
second half of the waves.
"""

from dataclasses import dataclass

import numpy as np
from numba import prange
from numpy.typing import NDArray

from cvtool.kernels.bit_counts import count_bits
from cvtool.kernels.jit import helper, kernel
from cvtool.kernels.pictures import Array
from cvtool.kernels.projection import unexplained
from cvtool.kernels.signatures import ONE, ROWS, WAVES

# Measured on thousands of photographs of 32×32 pixels. What is lost: of copies that were
# compressed, resized, tinted or made noisy none, of those moved by a pixel 3 in 1,000, by two
# pixels one in ten.

MOST_BITS = 22
"""Hashes that differ in more bits are of two pictures."""

LEAST_CORRELATION = 0.7
"""Signatures that correlate less are of two pictures."""

LARGEST_REST = 0.4
"""What may remain of the difference, as a share of the picture's contrast."""

_LEADING, _MOST_LEADING = 6, 2
"""Bits that hashes are sorted by, and how many of these may differ."""

ROWS_AT_ONCE = 4096
_BLOCK, _TILE = 128, 2048
_ODD = np.uint64(0xFFFFFFFF00000000)  # the second half of the waves


@dataclass(frozen=True, eq=False)
class LookAlikes:
    """For each of some pictures the most alike among those after it, in no order.

    ``others`` ``(rows, most)`` int32 are their positions, −1 where there are fewer; ``mirrored``
    ``(rows, most)`` bool says of which the mirror image is meant; ``overflowed`` ``(rows,)`` bool
    where more than ``most`` were found and the least alike dropped.
    """

    others: NDArray[np.int32]
    mirrored: NDArray[np.bool_]
    overflowed: NDArray[np.bool_]


def sorting(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the order in which pictures have to be for ``look_alikes``."""
    return np.argsort(_leading(hashes), kind="stable")


def look_alikes(
    hashes: NDArray[np.uint64], signatures: NDArray[np.int8], start: int, stop: int, *, most: int
) -> LookAlikes:
    """Compare the pictures from ``start`` to ``stop`` with all that come after each.

    Parameters
    ----------
    hashes, signatures
        As ``signatures`` gives them, of all pictures, in the order that ``sorting`` gives.
    start, stop
        Positions; ``ROWS_AT_ONCE`` of them are a good piece of work.
    most
        How many to keep for each.

    Raises
    ------
    ValueError
        If they are not in order, or not of the same pictures.
    IndexError
        If there are no such positions.
    """
    if signatures.shape != (len(hashes), ROWS, WAVES):
        raise ValueError(f"{len(hashes)} hashes do not belong to signatures {signatures.shape}")
    if not 0 <= start <= stop <= len(hashes):
        raise IndexError(f"there are no pictures {start} to {stop} among {len(hashes)}")
    leading = _leading(hashes)
    if np.any(leading[1:] < leading[:-1]):
        raise ValueError("hashes are not in the order that sorting gives")
    groups = np.searchsorted(leading, np.arange(2**_LEADING + 1, dtype=np.uint64))
    rows = stop - start
    others = np.full((rows, most), -1, np.int32)
    mirrored = np.zeros((rows, most), np.bool_)
    overflowed = np.zeros(rows, np.bool_)
    _find(hashes, signatures, groups, start, others, mirrored, overflowed)
    return LookAlikes(others, mirrored, overflowed)


def _leading(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return hashes & np.uint64(2**_LEADING - 1)


def rest_of_difference(first: Array, second: Array, *, mirrored: bool = False) -> float:
    """Return what remains between two signatures ``(ROWS, WAVES)``: 0 for equal, about 1.4 at most.

    Their difference in waves of unit norm, less the part that a move and a scaling explain.
    """
    return float(_rest(first, second, mirrored))


@kernel
def _find(hashes, signatures, groups, start, others, mirrored, overflowed):
    rows = len(others)
    for block in prange((rows + _BLOCK - 1) // _BLOCK):
        first, last = block * _BLOCK, min((block + 1) * _BLOCK, rows)
        rests = np.full((last - first, others.shape[1]), np.float32(np.inf), np.float32)
        near = np.empty(_TILE, np.int32)
        for group in range(groups.size - 1):
            # A tile of hashes stays in the cache while all rows of the block go over it.
            for tile in range(max(groups[group], start + first), groups[group + 1], _TILE):
                end = min(tile + _TILE, groups[group + 1])
                for row in range(first, last):
                    mine, after = hashes[start + row], max(tile, start + row + 1)
                    if after < end and _agree(mine, group):
                        found = _near_hashes(mine, hashes[after:end], near)
                        slots = (rests[row - first], others[row], mirrored[row])
                        overflowed[row] |= _keep_alike(
                            signatures, start + row, after, near[:found], slots
                        )


@helper
def _agree(mine, group):
    differing = (mine ^ np.uint64(group)) & np.uint64(2**_LEADING - 1)
    return count_bits(differing) <= np.uint64(_MOST_LEADING)


@helper
def _near_hashes(mine, hashes, near):
    """Write where hashes differ from ``mine``, or from its mirror image, in few bits; count them.

    Every position is written and most are overwritten by the next, which spares a branch.
    """
    found = np.uint64(0)
    for position in range(hashes.size):
        differing = mine ^ hashes[position]
        near[found] = position
        few = min(count_bits(differing), count_bits(differing ^ _ODD)) <= np.uint64(MOST_BITS)
        found += np.uint64(few)
    return found


@helper
def _keep_alike(signatures, position, after, near, slots):
    """Keep those of the positions behind ``after`` that are alike; tell if one is lost."""
    lost = False
    for offset in near:
        other = after + offset
        upright, mirror = _correlations(signatures[position, 0], signatures[other, 0])
        if max(upright, mirror) >= LEAST_CORRELATION:
            rest = _rest(signatures[position], signatures[other], mirror > upright)
            if rest <= LARGEST_REST:
                lost |= _keep(slots, rest, other, mirror > upright)
    return lost


@helper
def _correlations(first, second):
    """Return the correlation of two pictures, and of the first with the second in a mirror."""
    even, odd = np.int32(0), np.int32(0)
    for wave in range(WAVES // 2):
        even += np.int32(first[wave]) * np.int32(second[wave])
    for wave in range(WAVES // 2, WAVES):
        odd += np.int32(first[wave]) * np.int32(second[wave])
    return (even + odd) / (ONE * ONE), (even - odd) / (ONE * ONE)


@helper
def _keep(slots, rest, other, mirror):
    """Put a picture into the first free slot or that of the least alike; tell if one is lost."""
    rests, others, mirrored = slots
    worst = 0
    for slot in range(rests.size):
        if rests[slot] > rests[worst]:
            worst = slot
    lost = others[worst] >= 0
    if rest < rests[worst]:
        rests[worst], others[worst], mirrored[worst] = rest, other, mirror
    return lost


@helper
def _rest(first, second, mirrored):
    """Return √(|d|² − |projection of d onto the changes|²), d being the difference of the waves.

    The changes are those of both pictures together, which makes the answer symmetric and exact to
    second order. All products are sums of whole numbers, in whatever order they are made.
    """
    vectors = np.empty((ROWS, WAVES), np.int32)
    for row in range(ROWS):
        # A mirror negates odd waves, and once more what a move to the right changes.
        even = -1 if (row == 0) != (mirrored and row == 1) else 1
        odd = -even if mirrored else even
        _add_halves(first[row], second[row], even, odd, vectors[row])
    products = np.empty((ROWS, ROWS))
    for i in range(ROWS):
        for j in range(i + 1):
            products[i, j] = products[j, i] = _inner_product(vectors[i], vectors[j])
    return np.sqrt(unexplained(products)) / ONE


@helper
def _add_halves(first, second, even, odd, out):
    for wave in range(WAVES // 2):
        out[wave] = np.int32(first[wave]) + np.int32(even) * np.int32(second[wave])
    for wave in range(WAVES // 2, WAVES):
        out[wave] = np.int32(first[wave]) + np.int32(odd) * np.int32(second[wave])


@helper
def _inner_product(first, second):
    total = np.int32(0)
    for wave in range(WAVES):
        total += np.int32(first[wave]) * np.int32(second[wave])
    return total
