"""Claims on features that are computed before anything is learned (notes §3.4)."""

import numpy as np

from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.embedded.shapes.generator import shapes
from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.linear_training import accuracy, learn_linear
from cvtool.diagnostics.claims.samples import (
    Images,
    Matrix,
    pixel_rows,
    standardized,
    with_interval,
)
from cvtool.features.feature_set import FeatureSet
from cvtool.seeds import stream

_TRAIN = 300
_STEPS = 100
_REPEATS = 5


def _hog(bench: Bench) -> Measurement:
    leads, of_pixels, of_hog = [], [], []
    for repeat in range(_REPEATS):
        seed = int(stream(bench.seed, "claims", "hog", repeat).integers(2**31))
        train = shapes(ShapesChoices(images=2 * _TRAIN, test_images=0, size=16, seed=seed)).train
        seen = pixel_rows(train.images), _hog_rows(train.images)
        pixels, hog = (_accuracy(rows, train.labels) for rows in seen)
        leads.append(hog - pixels)
        of_pixels.append(pixels)
        of_hog.append(hog)
    measured = {"pixels": float(np.mean(of_pixels)), "hog": float(np.mean(of_hog))}
    measured |= with_interval("lead", leads)
    return holds(
        measured["lead low"] > 0,
        measured,
        f"a linear classifier of colored shapes gets {measured['hog']:.1%} right by oriented "
        f"gradients and {measured['pixels']:.1%} by pixels: a lead of "
        f"{100 * measured['lead']:.1f} points (95 % interval {100 * measured['lead low']:.1f} to "
        f"{100 * measured['lead high']:.1f})",
    )


def _hog_rows(images: Images) -> Matrix:
    features = FeatureSet.parse("hog:cell=4")
    out = np.empty((len(images), features.size(images.shape[1:])), np.float32)
    features.write(images, out)
    return out.astype(np.float64)


def _accuracy(rows: Matrix, labels: np.ndarray) -> float:
    rows = standardized(rows, rows[:_TRAIN])
    weights = learn_linear(
        rows[:_TRAIN], labels[:_TRAIN], int(labels.max()) + 1, strength=0.01, steps=_STEPS
    )
    return accuracy(weights, rows[_TRAIN:], labels[_TRAIN:])


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "hog-beats-pixels",
        "§3.4",
        "features such as HOG serve a linear classifier better than raw pixels",
        _hog,
    ),
)
