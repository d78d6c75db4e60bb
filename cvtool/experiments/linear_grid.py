"""Accuracy over learning rate and strength of the penalty, as the notes picture it (§6.6)."""

from collections.abc import Generator
from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.config import GRID_FACTORS, LinearConfig
from cvtool.experiments.preparation import Preparation
from cvtool.records import HeatMap, Note, StepRecord, WorkRecord
from cvtool.training.loop import DivergedError, fit
from cvtool.training.progress import Progress

_NO_STRENGTH = 1e-4
"""What strengths are multiples of where none is given."""

_WORK = "trying learning rates and strengths, step"


def try_settings(
    config: LinearConfig, preparation: Preparation
) -> Generator[Note | WorkRecord | HeatMap, None, tuple[float, float]]:
    """Learn under every pair of rate and strength, by the validation images' accuracy.

    Yields how far that is, the heat map, and what is taken.

    Returns
    -------
    The best learning rate and strength; those given, where all diverged. Of equal accuracies the
    lower loss is the better, as among the epochs of a run; of equal ones the smaller strength.
    """
    rates, strengths = _multiples(config.learning_rate), _strengths(config)
    accuracies = np.full((len(strengths), len(rates)), nan)
    losses = np.full_like(accuracies, inf)
    for cell, at in enumerate(np.ndindex(accuracies.shape)):
        tried = replace(config, learning_rate=rates[at[1]], strength=strengths[at[0]])
        found = yield from _try(tried, preparation, cell, accuracies.size)
        accuracies[at], losses[at] = found
    if np.isnan(accuracies).all():
        return config.learning_rate, config.strength
    highest = accuracies == np.nanmax(accuracies)
    row, column = np.unravel_index(np.where(highest, losses, inf).argmin(), losses.shape)
    yield _heat_map(rates, strengths, accuracies, (int(row), int(column)))
    yield Note(f"taking learning rate {rates[column]:g} and strength {strengths[row]:g}, the best")
    return rates[column], strengths[row]


def _strengths(config: LinearConfig) -> list[float]:
    """Say which strengths to try: without a penalty there is nothing to choose."""
    if config.regularization == "none" and config.optimizer != "adamw":
        return [config.strength]
    return _multiples(config.strength or _NO_STRENGTH)


def _multiples(value: float) -> list[float]:
    """Multiply, without the last digits that a product of decimal numbers gets wrong."""
    return [float(f"{value * factor:.12g}") for factor in GRID_FACTORS]


def _try(
    config: LinearConfig, preparation: Preparation, cell: int, cells: int
) -> Generator[WorkRecord, None, tuple[float, float]]:
    """Learn from the start, and tell how far all cells together are.

    Returns
    -------
    The best accuracy of an epoch, NaN if the loss diverged, and the loss of that epoch.
    """
    learner = preparation.anew(config).learner(config, Progress())
    try:
        for at in fit(learner):
            if isinstance(at, StepRecord):
                done = (cell * at.epochs + at.epoch - 1) * at.steps + at.step
                yield WorkRecord(_WORK, done, cells * at.epochs * at.steps)
    except DivergedError:
        return nan, inf
    return learner.progress.best_val_accuracy, learner.progress.best_val_loss


def _heat_map(
    rates: list[float], strengths: list[float], accuracies: NDArray[Any], best: tuple[int, int]
) -> HeatMap:
    row, column = best
    return HeatMap(
        name="grid",
        title=f"Validation accuracy {accuracies[best]:.1%} at rate {rates[column]:g}, "
        f"strength {strengths[row]:g}",
        x_label="learning rate",
        y_label="strength",
        x=tuple(rates),
        y=tuple(strengths),
        values=accuracies,
        best=best,
    )
