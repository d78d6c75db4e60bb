"""Claims on linear classifiers (notes §2.3, §3.2)."""

import numpy as np

from cvtool.diagnostics.claims.claim import Bench, Claim, Measurement, holds
from cvtool.diagnostics.claims.linear_training import data_loss, learn_linear
from cvtool.diagnostics.claims.samples import (
    draw,
    draw_parts,
    pixel_rows,
    standardized,
    with_interval,
)

_STRENGTH = 0.1


def _templates(bench: Bench) -> Measurement:
    """Correlate templates with what sets class means apart; see ``diagnostics.templates``."""
    images, labels = draw(bench, 600, "templates")
    rows, classes = standardized(raw := pixel_rows(images), raw), len(bench.dataset.classes)
    learned = learn_linear(rows, labels, classes, strength=0.01)[:-1].T
    there = [each for each in range(classes) if (labels == each).any()]
    means = np.array([rows[labels == each].mean(axis=0) for each in there])
    correlations = np.nan_to_num(
        np.corrcoef(learned[there], means - means.mean(axis=0))[: len(there), len(there) :]
    )
    own = np.diag(correlations)
    others = correlations[~np.eye(len(there), dtype=bool)]
    measured = with_interval("own mean", own.tolist()) | {"other means": float(others.mean())}
    best = int((correlations.argmax(axis=1) == np.arange(len(there))).sum())
    measured["classes nearest to their own mean"] = best
    return holds(
        measured["own mean low"] > max(0.0, measured["other means"]),
        measured,
        f"templates correlate with the mean of their own class by {own.mean():.2f} (95 % interval "
        f"{measured['own mean low']:.2f} to {measured['own mean high']:.2f}), with others by "
        f"{others.mean():.2f}; {best} of {len(there)} resemble their own the most",
    )


def _regularization(bench: Bench) -> Measurement:
    """Compare gaps of the data loss, which tells more of few images than accuracy does."""
    classes = len(bench.dataset.classes)
    free: list[float] = []
    held: list[float] = []
    for repeat in range(8):
        known, new = draw_parts(bench, (120, 400), "regularization", repeat)
        for strength, gaps in ((0.0, free), (_STRENGTH, held)):
            weights = learn_linear(*known, classes, strength=strength)
            gaps.append(data_loss(weights, *new) - data_loss(weights, *known))
    lowered = [one - other for one, other in zip(free, held, strict=True)]
    measured = {"gap without": float(np.mean(free)), "gap with": float(np.mean(held))}
    measured |= with_interval("lowered by", lowered)
    return holds(
        measured["lowered by low"] > 0,
        measured,
        f"λ = {_STRENGTH} lowers the gap between the losses on new and on training images from "
        f"{measured['gap without']:.2f} to {measured['gap with']:.2f}, by "
        f"{measured['lowered by']:.2f} (95 % interval {measured['lowered by low']:.2f} to "
        f"{measured['lowered by high']:.2f})",
    )


def _bias_trick(bench: Bench) -> Measurement:
    images, labels = draw(bench, 200, "bias-trick")
    rows = pixel_rows(images)
    weights = learn_linear(rows, labels, len(bench.dataset.classes), steps=50)
    apart = rows @ weights[:-1] + weights[-1]
    joined = np.hstack([rows, np.ones((len(rows), 1))]) @ weights
    change = float(np.abs(apart - joined).max() / (np.abs(apart).max() or 1.0))
    return holds(
        change < 1e-12,
        {"largest relative change": change},
        f"scores of {len(rows)} images from W·x + b, and from one matrix with b as its last row, "
        f"differ by {change:.1g} of the largest",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "templates-resemble-means", "§2.3", "templates resemble the means of classes", _templates
    ),
    Claim("bias-trick", "§2.3", "a bias is the weight of an input that is always one", _bias_trick),
    Claim(
        "regularization-narrows-gap",
        "§3.2",
        "regularization lowers the gap between the losses on training and on new images",
        _regularization,
    ),
)
