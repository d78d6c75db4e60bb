"""Pairs of images that show the same thing although their pixels differ.

Candidates come from the signatures, all against all; their details decide. Pixels are read again
only for candidates, so that what is held at any time does not depend on how many there are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.request import Progress
from cvtool.diagnostics.data.chance import SAMPLE, chance_limit
from cvtool.diagnostics.data.image_descriptions import Descriptions
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.kernels.details import detail_differences, details
from cvtool.kernels.look_alikes import ROWS_AT_ONCE, look_alikes, sorting
from cvtool.kernels.pictures import gray_pictures
from cvtool.records import WorkRecord
from cvtool.seeds import stream

FLATTEST = 2.0
"""Root mean square in gray levels below which a picture shows nothing that could be compared."""

MOST_ALIKE = 16
"""Candidates kept for each image, the most alike ones."""

_PAIRS_AT_ONCE = 8192
_BYTES_AT_ONCE = 2**25


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of images of a pool, as arrays ``(pairs,)``.

    ``shares`` and ``levels`` are their differences as ``detail_differences`` gives them;
    ``mirrored`` says that the second resembles the first in a mirror.
    """

    firsts: Indices
    seconds: Indices
    mirrored: NDArray[np.bool_]
    shares: NDArray[np.float64]
    levels: NDArray[np.float64]


def near_duplicates(pool: Pool, notes: Descriptions, numbers: Indices, progress: Progress) -> Pairs:
    """Find near duplicates among images of a pool, of which no two are equal."""
    numbers = numbers[notes.contrasts[numbers] >= FLATTEST]
    if len(numbers) < 2:
        return _compare(pool, numbers[:0], numbers[:0], np.empty(0, np.bool_), progress)
    found = _compare(pool, *_candidates(notes, numbers, progress), progress)
    near = found.shares <= _limit(pool, numbers)
    order = np.flatnonzero(near)[np.argsort(found.shares[near], kind="stable")]
    return Pairs(
        found.firsts[order],
        found.seconds[order],
        found.mirrored[order],
        found.shares[order],
        found.levels[order],
    )


def _candidates(
    notes: Descriptions, numbers: Indices, progress: Progress
) -> tuple[Indices, Indices, NDArray[np.bool_]]:
    numbers = numbers[sorting(notes.hashes[numbers])]
    hashes, signatures = notes.hashes[numbers], notes.signatures[numbers]
    pairs, count = [], len(numbers)
    for start in range(0, count, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, count)
        alike = look_alikes(hashes, signatures, start, stop, most=MOST_ALIKE)
        rows, slots = np.nonzero(alike.others >= 0)
        seconds = numbers[alike.others[rows, slots]]
        pairs.append((numbers[start + rows], seconds, alike.mirrored[rows, slots]))
        # Rows that come first are compared with more: told in pairs, time passes evenly.
        done = stop * (2 * count - stop) // 2
        progress(WorkRecord("comparing images", done, count * count // 2))
    firsts, seconds, mirrored = (np.concatenate(column) for column in zip(*pairs, strict=True))
    order = np.lexsort((np.maximum(firsts, seconds), np.minimum(firsts, seconds)))
    low, high = np.minimum(firsts, seconds), np.maximum(firsts, seconds)
    return low[order], high[order], mirrored[order]


def _compare(
    pool: Pool, firsts: Indices, seconds: Indices, mirrored: NDArray[np.bool_], progress: Progress
) -> Pairs:
    shares, levels = np.empty(len(firsts)), np.empty(len(firsts))
    for start in range(0, len(firsts), _PAIRS_AT_ONCE):
        some = slice(start, min(start + _PAIRS_AT_ONCE, len(firsts)))
        both = np.stack([firsts[some], seconds[some]])
        numbers, places = np.unique(both, return_inverse=True)
        first, second = places.reshape(both.shape)
        looked_at = details(_pictures(pool, numbers))
        shares[some], levels[some] = detail_differences(looked_at, first, second, mirrored[some])
        progress(WorkRecord("comparing details", some.stop, len(firsts)))
    return Pairs(firsts, seconds, mirrored, shares, levels)


def _limit(pool: Pool, numbers: Indices) -> float:
    """Reckon how alike the images of this data set are by chance."""
    count = min(SAMPLE, len(numbers))
    sample = stream(0, "duplicates", "chance").choice(numbers, count, replace=False)
    firsts, seconds = np.triu_indices(count, 1)
    looked_at = details(_pictures(pool, sample))
    upright = np.zeros(len(firsts), np.bool_)
    shares, _ = detail_differences(looked_at, firsts, seconds, upright)
    return chance_limit(shares, len(numbers))


def _pictures(pool: Pool, numbers: Indices) -> NDArray[np.float32]:
    """Return gray pictures of some images, of which few are held at once, however large."""
    step = max(1, _BYTES_AT_ONCE // pool.bytes_each)
    pieces = [numbers[start : start + step] for start in range(0, len(numbers), step)]
    return np.concatenate([gray_pictures(pool.images_at(piece)) for piece in pieces])
