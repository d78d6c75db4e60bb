"""Where the definitions coincide, oriented gradients are those of scikit-image."""

import numpy as np
import pytest
from reference.feature_images import random_images, written

from cvtool.features.feature_set import FeatureSet

pytestmark = pytest.mark.peer

NORMS = {"l1": "L1", "l1-sqrt": "L1-sqrt", "l2": "L2", "l2-hys": "L2-Hys"}


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(
    ("shape", "orientations", "cell", "block"),
    [
        ((32, 32, 3), 9, 8, 2),
        ((32, 32, 3), 8, 4, 3),
        ((37, 22, 1), 12, 5, 1),
        ((16, 40, 3), 4, 8, 2),
    ],
)
def test_hog_equals_that_of_scikit_image(norm, shape, orientations, cell, block):
    feature = pytest.importorskip("skimage.feature", reason="scikit-image is the peer")
    images = random_images(20, shape)
    text = f"hog:orientations={orientations},cell={cell},block={block},norm={norm}"
    found = written(FeatureSet.parse(f"{text},interpolate=none"), images)
    for ours, image in zip(found, images, strict=True):
        theirs = feature.hog(
            image,
            orientations=orientations,
            pixels_per_cell=(cell, cell),
            cells_per_block=(block, block),
            block_norm=NORMS[norm],
            channel_axis=-1,
        )
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
