"""``linear``: one matrix of weights, learned, judged, and looked at (notes §3)."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cvtool.config import LinearConfig
from cvtool.datasets.looking import class_means
from cvtool.datasets.moments import full_range
from cvtool.diagnostics.plane import plane
from cvtool.diagnostics.templates import templates
from cvtool.experiments.learning import Recipe, begin, go_on
from cvtool.experiments.linear_grid import try_settings
from cvtool.experiments.preparation import Preparation
from cvtool.experiments.training_run import Record, TrainingRun
from cvtool.kernels.products import multiply
from cvtool.layers.base import Array
from cvtool.records import Drawn, Findings, LinearResult, Outcome, Panel, Regions
from cvtool.training.evaluation import Scored


def train(config: LinearConfig) -> Iterator[Record]:
    """Learn one matrix and save everything in a new run folder; see ``learning.begin``."""
    yield from begin(LINEAR, config)


def resume(run: str, changes: Mapping[str, Any]) -> Iterator[Record]:
    """Go on with a run as if it had never stopped; see ``learning.go_on``."""
    yield from go_on(LINEAR, run, changes)


class LinearRun(TrainingRun):
    """A run of one matrix, which also shows what its weights look like."""

    _correlations: tuple[float, ...] | None = None

    def _looked_at(self, seen: Scored) -> Generator[Findings | Drawn, None, None]:
        yield from super()._looked_at(seen)
        preparation = self.preparation
        if not preparation.view.features.is_pixels:
            return
        weights, bias = pixel_weights(preparation)
        if preparation.dataset.has_points:
            yield _regions(preparation, weights, bias, seen.accuracy)
            return
        train = preparation.split.train
        means = class_means(train, len(preparation.dataset.classes))
        means /= full_range(train.examples.images)
        gallery, self._correlations = templates(
            weights, preparation.dataset.image_shape, means, preparation.dataset.classes
        )
        yield gallery

    def _result(self, outcome: Outcome, weights_checksum: str) -> LinearResult:
        result = super()._result(outcome, weights_checksum)
        return LinearResult(**vars(result), template_mean_correlation=self._correlations)


def pixel_weights(preparation: Preparation) -> tuple[Array, Array]:
    """Fold the preprocessing into the weights: scores are then pixels in [0, 1] times them.

    Returns
    -------
    weights
        ``(inputs, classes)`` float64.
    bias
        ``(classes,)`` float64.
    """
    weights, bias = (each.values.astype(np.float64) for each in preparation.network.parameters)
    preprocessing, shape = preparation.view.preprocessing, preparation.dataset.image_shape
    if preprocessing.whitening is not None:
        weights = multiply(preprocessing.whitening.matrix.astype(np.float64), weights)
    mean, scale = (
        np.broadcast_to(values, shape).astype(np.float64).ravel()
        for values in (preprocessing.mean, preprocessing.scale)
    )
    weights /= scale[:, None]
    return weights, bias - multiply(mean[None], weights)[0]


def _regions(preparation: Preparation, weights: Array, bias: Array, accuracy: float) -> Regions:
    """Show which class wins where in the plane, and the lines between neighboring classes."""
    held_out, dataset = preparation.split.validation, preparation.dataset
    points = held_out.images_at(slice(None)).reshape(-1, 2)
    ground = plane(points)
    scores = multiply(ground.grid.reshape(-1, 2).astype(np.float64), weights) + bias
    winners = scores.argmax(axis=1).reshape(ground.shape)
    return Regions(
        name="regions",
        title=f"{accuracy:.1%} of the validation points of {dataset.name} on the right side",
        panels=(Panel("", winners),),
        x=ground.x,
        y=ground.y,
        points=points,
        labels=held_out.labels,
        classes=dataset.classes,
        lines=tuple(
            _boundary(weights[:, one] - weights[:, other], bias[one] - bias[other])
            for one, other in sorted(_neighbors(winners))
        ),
    )


def _boundary(weights: Array, bias: float) -> tuple[float, float, float]:
    """Write the line where two classes score the same as a·x + b·y + c = 0."""
    return float(weights[0]), float(weights[1]), float(bias)


def _neighbors(winners: Array) -> set[tuple[int, int]]:
    """Pairs of classes that win in cells side by side, or one above the other."""
    sides = (winners[:, :-1], winners[:, 1:]), (winners[:-1], winners[1:])
    pairs = {pair for one, other in sides for pair in zip(one.ravel(), other.ravel(), strict=True)}
    return {(int(min(pair)), int(max(pair))) for pair in pairs if pair[0] != pair[1]}


def _settle(
    config: LinearConfig, preparation: Preparation
) -> Generator[Record, None, LinearConfig]:
    """Take the best of a grid of settings, where one is asked for."""
    if not config.grid:
        return config
    rate, strength = yield from try_settings(config, preparation)
    return replace(config, learning_rate=rate, strength=strength, grid=False)


LINEAR = Recipe("linear", "a linear classifier", LinearConfig, LinearRun, _settle)
