"""Small networks to look into, whose running statistics and biases are not as they start."""

import numpy as np
from reference.batches import random_batch

from cvtool.datasets.preprocessing import Preprocessing
from cvtool.diagnostics.inspection.sight import Sight
from cvtool.experiments.preparation import batches
from cvtool.experiments.view import View
from cvtool.features.feature_set import FeatureSet
from cvtool.models.architecture import complete, parse
from cvtool.models.network import Network

CLASSES = 3


def make_network(text, shape=(12, 10, 3), dtype="f8"):
    """Draw a network, and train it on noise for some steps."""
    network = Network(complete(parse(text), CLASSES), shape, seed=0, init="auto", dtype=dtype)
    for seed, parameter in enumerate(network.parameters):
        parameter.values[...] += random_batch(parameter.values.shape, dtype, seed, scale=0.1)
    for step in range(3):
        network.reseed(step)
        network.learn(random_batch((6, *shape), dtype, step, 1.0) + 0.5, np.arange(6) % CLASSES)
    return network


def make_sight(network, preprocessing, batch_size=5):
    """Put a preprocessing before a network, as experiments do."""
    view = View(FeatureSet.parse("pixels"), preprocessing)
    return Sight(network, preprocessing, lambda seen: batches(network, view, seen), batch_size)


def standardized(channels=3):
    """Make a preprocessing of uneven numbers."""
    mean, scale = np.linspace(0.4, 0.6, channels), np.linspace(0.2, 0.3, channels)
    return Preprocessing("standardize", mean.astype("f4"), scale.astype("f4"))


def random_images(count, shape=(12, 10, 3), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)
