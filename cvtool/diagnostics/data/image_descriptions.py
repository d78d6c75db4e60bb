"""What is noted of every image in the one pass over the pixels: a digest, and what it looks like.

That is 344 bytes an image, so that a million of them need a third of a gigabyte.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.request import Progress
from cvtool.diagnostics.data.pooled_images import Pool
from cvtool.kernels.pictures import gray_pictures
from cvtool.kernels.signatures import ROWS, WAVES, signatures
from cvtool.records import WorkRecord

_PICTURES_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Descriptions:
    """Notes on the images of a pool, in its order.

    ``digests`` ``(n, 2)`` uint64 are BLAKE2b of the pixels; hashes, signatures and contrasts are
    those of ``kernels.signatures``, with a contrast of zero for points, which look like nothing.
    """

    digests: NDArray[np.uint64]
    hashes: NDArray[np.uint64]
    signatures: NDArray[np.int8]
    contrasts: NDArray[np.float32]


def describe(pool: Pool, progress: Progress) -> Descriptions:
    """Go through all images once."""
    count, seen = len(pool), 0 if pool.dataset.has_points else len(pool)
    notes = Descriptions(
        np.empty((count, 2), np.uint64),
        np.zeros(seen, np.uint64),
        np.zeros((seen, ROWS, WAVES), np.int8),
        np.zeros(count, np.float32),
    )
    for start, images in pool.chunks():
        stop = start + len(images)
        notes.digests[start:stop] = digests(images)
        # Pictures may be larger than the images they are of: few at once.
        for first in range(start, stop if seen else start, _PICTURES_AT_ONCE):
            some = slice(first, min(first + _PICTURES_AT_ONCE, stop))
            looks = signatures(gray_pictures(images[first - start : some.stop - start]))
            notes.hashes[some], notes.signatures[some], notes.contrasts[some] = looks
        progress(WorkRecord("reading images", stop, count))
    return notes


def digests(images: NDArray[Any]) -> NDArray[np.uint64]:
    """Return ``(n, 2)``: 128 bits of BLAKE2b of each image's pixels."""
    rows = np.ascontiguousarray(images).reshape(len(images), -1)
    joined = b"".join(blake2b(row.data, digest_size=16).digest() for row in rows)
    return np.frombuffer(joined, np.uint64).reshape(len(images), 2)
