"""Features beside scikit-image, and visual words beside the limit of the register tile.

Both are given the same 10,000 images. scikit-image describes one image after another, as there is
no other way with it.
"""

import numpy as np
import pytest
from pairs import compare, peak
from reference.feature_images import random_images

from cvtool.features.feature_set import FeatureSet
from cvtool.kernels.visual_words import Patches, count_words, fold

pytestmark = pytest.mark.benchmark

IMAGES, SCIKIT_IMAGES = 10_000, 500
SHAPE = (32, 32, 3)


def test_oriented_gradients(capsys: pytest.CaptureFixture[str]) -> None:
    feature = pytest.importorskip("skimage.feature", reason="scikit-image is the peer")
    images = random_images(IMAGES, SHAPE)
    features = FeatureSet.parse("hog")
    out = np.empty((IMAGES, features.size(SHAPE)), np.float32)

    def with_scikit_image() -> None:
        for image in images[:SCIKIT_IMAGES]:
            feature.hog(image, cells_per_block=(2, 2), channel_axis=-1)

    timing = compare(
        lambda: features.write(images, out), {"scikit-image": with_scikit_image}, rounds=7, warmup=1
    )
    ratio = timing.ratio("scikit-image") * IMAGES / SCIKIT_IMAGES
    with capsys.disabled():
        print(
            f"\nHOG of {IMAGES:,} 32×32×3 images: {timing.ours:.2f} s, scikit-image {ratio:.0f}× "
            f"(scaled from {SCIKIT_IMAGES})",
            end="",
        )


@pytest.mark.parametrize("count", [800, 1600])
def test_visual_words(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(0)
    levels = random_images(40, SHAPE).astype(np.float32)
    words = random.normal(size=(count, 108)).astype(np.float32)
    vocabulary = fold(
        np.zeros(108, np.float32), np.eye(108, dtype=np.float32), words, distances=True
    )
    out = np.empty((len(levels), 4 * count), np.float32)
    timing = compare(
        lambda: count_words(levels, vocabulary, Patches(6, 1, 2), out), {}, rounds=7, warmup=1
    )
    operations = len(levels) * 27**2 * 108 * (count + 108) * 2
    with capsys.disabled():
        print(
            f"\n{count} words: {1e3 * timing.ours / len(levels):.2f} ms an image, "
            f"{operations / timing.ours / peak():.0%} of the register tile's peak",
            end="",
        )
