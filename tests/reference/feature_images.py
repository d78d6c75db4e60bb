"""Images that features are tried on, and a way to hand them out to those that learn."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cvtool.features.feature_set import FeatureSet
from cvtool.records import finish


def random_images(count, shape=(16, 16, 3), seed=0):
    """Draw blocks of random colors under some noise: edges, but not at every pixel."""
    random = np.random.default_rng(seed)
    height, width, channels = shape
    blocks = random.integers(0, 200, (count, -(-height // 4), -(-width // 4), channels))
    images = blocks.repeat(4, axis=1).repeat(4, axis=2)[:, :height, :width]
    return (images + random.integers(0, 50, images.shape)).astype(np.uint8)


@dataclass
class Training:
    """Images to learn from; remembers which were asked for."""

    images: Any

    def __post_init__(self):
        self.seen = set()

    def __len__(self):
        return len(self.images)

    def images_at(self, positions):
        self.seen |= set(np.asarray(positions).tolist())
        return self.images[positions]


def fitted(text, images, seed=0):
    return finish(FeatureSet.parse(text).fitting(Training(images), seed=seed))


def written(features, images):
    out = np.full((len(images), features.size(images.shape[1:])), np.nan, np.float32)
    features.write(images, out)
    return out
