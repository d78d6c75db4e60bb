"""Accuracy over learning rate and strength of the penalty, as the notes picture it (§6.6)."""

from collections.abc import Generator
from dataclasses import replace
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import LinearConfig
from cvtool.experiments.preparation import Preparation
from cvtool.records import HeatMap, WorkRecord
from cvtool.training.loop import DivergedError, Learner, fit
from cvtool.training.optimizers import optimizer_of
from cvtool.training.progress import Progress

RATES = (0.01, 0.1, 1.0, 10.0, 100.0)
STRENGTHS = (0.01, 0.1, 1.0, 10.0, 100.0)
"""What the settings given are multiplied by."""

_NO_STRENGTH = 1e-4
"""What strengths are multiples of where none is given."""


def try_settings(
    config: LinearConfig, preparation: Preparation
) -> Generator[WorkRecord | HeatMap, None, tuple[float, float]]:
    """Learn under every pair of rate and strength, by the validation images' accuracy.

    Yields how far that is, and the heat map.

    Returns
    -------
    The best learning rate and strength; those given, where all diverged.
    """
    rates = [config.learning_rate * factor for factor in RATES]
    strengths = [(config.strength or _NO_STRENGTH) * factor for factor in STRENGTHS]
    accuracies = np.full((len(strengths), len(rates)), nan)
    for cell, (row, column) in enumerate(np.ndindex(accuracies.shape)):
        yield WorkRecord("trying learning rates and strengths,", cell, accuracies.size)
        tried = replace(config, learning_rate=rates[column], strength=strengths[row])
        accuracies[row, column] = yield from _accuracy(tried, preparation)
    if np.isnan(accuracies).all():
        return config.learning_rate, config.strength
    yield _heat_map(rates, strengths, accuracies)
    row, column = _best(accuracies)
    return rates[column], strengths[row]


def _accuracy(config: LinearConfig, preparation: Preparation) -> Generator[WorkRecord, None, float]:
    """Learn from the start and return the best accuracy of an epoch; NaN if it diverged."""
    learner = Learner(
        preparation.new_network(config),
        optimizer_of(config),
        preparation.training_batches(config),
        preparation.validation_batches(),
        config,
        Progress(),
    )
    try:
        for record in fit(learner):
            if isinstance(record, WorkRecord):
                yield record
    except DivergedError:
        return nan
    return learner.progress.best_val_accuracy


def _heat_map(rates: list[float], strengths: list[float], accuracies: NDArray[Any]) -> HeatMap:
    row, column = _best(accuracies)
    return HeatMap(
        name="grid",
        title=f"{accuracies[row, column]:.1%} of the validation images right",
        x_label="learning rate",
        y_label="strength",
        x=tuple(rates),
        y=tuple(strengths),
        values=accuracies,
    )


def _best(accuracies: NDArray[Any]) -> tuple[int, int]:
    """Find the highest accuracy, of equal ones that with the smaller strength, then rate."""
    row, column = np.unravel_index(np.nanargmax(accuracies), accuracies.shape)
    return int(row), int(column)
