"""Perceptual hashes and the search among them, against imagehash and NumPy.

Both are given the same images and hashes, and do less: a hash of imagehash is 64 bits without a
signature, and NumPy counts differing bits without looking at signatures.
"""

import numpy as np
import pytest
from pairs import compare
from PIL import Image
from reference.textures import textures

from cvtool.kernels.look_alikes import MOST_BITS, look_alikes, sorting
from cvtool.kernels.pictures import gray_pictures
from cvtool.kernels.signatures import signatures

pytestmark = pytest.mark.benchmark

HASHED, COMPARED = 1_000, 10_000


def test_hashing(capsys: pytest.CaptureFixture[str]) -> None:
    imagehash = pytest.importorskip("imagehash", reason="imagehash is the peer of this benchmark")
    images = textures(0, HASHED)
    opened = [Image.fromarray(image) for image in images]
    timing = compare(
        lambda: signatures(gray_pictures(images)),
        {"imagehash.phash": lambda: [imagehash.phash(image) for image in opened]},
        rounds=7,
        warmup=1,
    )
    with capsys.disabled():
        print(
            f"\nhash and signature of {HASHED:,} images: {1e6 * timing.ours / HASHED:.1f} µs each, "
            f"imagehash.phash {timing.ratio('imagehash.phash'):.1f}×",
            end="",
        )


@pytest.mark.skipif(not hasattr(np, "bitwise_count"), reason="NumPy 1 counts no bits")
def test_comparing_all_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    hashes, described, _ = signatures(gray_pictures(textures(1, COMPARED)))
    order = sorting(hashes)
    hashes, described = hashes[order], described[order]
    odd = np.uint64(0xFFFFFFFF00000000)

    def with_numpy() -> int:
        found = 0
        for at in range(COMPARED - 1):
            differing = hashes[at] ^ hashes[at + 1 :]
            fewest = np.minimum(np.bitwise_count(differing), np.bitwise_count(differing ^ odd))
            found += np.count_nonzero(fewest <= MOST_BITS)
        return found

    timing = compare(
        lambda: look_alikes(hashes, described, 0, COMPARED, most=16),
        {"NumPy": with_numpy},
        rounds=5,
        warmup=1,
    )
    pairs = COMPARED * (COMPARED - 1) / 2
    with capsys.disabled():
        print(
            f"\nall pairs of {COMPARED:,} images: {1e9 * timing.ours / pairs:.2f} ns a pair, "
            f"NumPy's bitwise_count {timing.ratio('NumPy'):.1f}×",
            end="",
        )
