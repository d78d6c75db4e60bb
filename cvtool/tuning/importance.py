"""How much of the differences between trials each hyperparameter explains by itself.

Every trial's accuracy is foretold from one hyperparameter alone, by the other trials that were near
in it: a mean weighted by nearness for a range, the mean of those with the same value for a choice.
The share explained is 1 − SS_left / SS_total, and 0 where foretelling does worse than the mean.
Because no trial foretells itself, a hyperparameter without effect explains nothing on average
however few the trials. Chance is judged by permuting the accuracies.

This is an estimate of the first-order index of Sobol ("Sensitivity estimates for nonlinear
mathematical models", 1993), which functional ANOVA reports too (Hutter, Hoos and Leyton-Brown, "An
efficient approach for assessing hyperparameter importance", 2014); the weighted mean is Nadaraya's
and Watson's (both 1964). It sees no interplay: where a learning rate is good only with a certain
batch size, neither explains that alone, and the shares sum to less than one.
"""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cvtool.records import Importance, TrialRecord
from cvtool.seeds import stream
from cvtool.tuning.dimension import Dimension, Range
from cvtool.tuning.ranking import judged
from cvtool.tuning.space import Space

FEWEST = 5
"""Fewer trials say nothing of three or four hyperparameters."""

MOST = 1000
"""Of more trials, this many evenly spaced ones are looked at: what is found has settled by then."""

BANDWIDTH = 0.1
"""Standard deviation of nearness, as a share of a range."""

PERMUTATIONS = 999

TIE = 1e-9
"""Sums of squares this close, relatively, differ by rounding alone."""

DIGITS = 6
"""Digits of a share: further ones would depend on how many threads summed it."""

Matrix = NDArray[np.float64]


def importance(space: Space, records: Sequence[TrialRecord]) -> tuple[Importance, ...]:
    """Say how much of the variance in accuracy each hyperparameter explains, the most first.

    Trials that diverged or were stopped count with the lowest accuracy seen: that they failed is
    what is to be explained. Broken trials are left out. Of fewer than five trials nothing is said.

    Parameters
    ----------
    records
        Trials that can be compared: of one stage, as those of others learn longer.
    """
    trials = _spaced(judged(records))
    measured = _accuracies(trials)
    if len(trials) < FEWEST or measured is None:
        return ()
    orders = _orders(measured)
    found = [_importance(dimension, trials, orders, len(space)) for dimension in space]
    return tuple(sorted(found, key=lambda each: (-each.share, each.p_value)))


def _spaced(trials: Sequence[TrialRecord]) -> list[TrialRecord]:
    picked = np.linspace(0, len(trials) - 1, min(len(trials), MOST)).round()
    return [trials[int(each)] for each in picked]


def _accuracies(trials: Sequence[TrialRecord]) -> Matrix | None:
    """Return ``(trials,)`` accuracies about their mean, or None where not one was measured."""
    lowest = min(
        (trial.val_accuracy for trial in trials if isfinite(trial.val_accuracy)), default=None
    )
    if lowest is None:
        return None
    counted = [trial.outcome == "finished" and isfinite(trial.val_accuracy) for trial in trials]
    values = np.array(
        [
            trial.val_accuracy if counts else lowest
            for trial, counts in zip(trials, counted, strict=True)
        ]
    )
    return np.asarray(values - values.mean())


def _orders(measured: Matrix) -> Matrix:
    """Return ``(trials, 1 + permutations)``: accuracies as measured, then as chance deals them."""
    random = stream(0, "importance")
    dealt = [random.permutation(measured) for _ in range(PERMUTATIONS)]
    return np.stack([measured, *dealt], axis=1)


def _importance(
    dimension: Dimension, trials: Sequence[TrialRecord], orders: Matrix, looked_at: int
) -> Importance:
    """Judge one of the hyperparameters that are looked at.

    Of several, one is likely to explain something by chance: Bonferroni's correction counts them.
    """
    total = float((orders[:, 0] ** 2).sum())
    if total <= TIE**2 * len(trials):
        return Importance(dimension.name, 0.0, 1.0)
    places = np.array([dimension.place(trial.params[dimension.name]) for trial in trials])
    nearness = _nearness(places) if isinstance(dimension, Range) else _likeness(places)
    left = ((orders - nearness @ orders) ** 2).sum(axis=0)
    as_good = int((left <= left[0] * (1 + TIE) + TIE**2).sum())  # the measured order is among them
    share = round(max(0.0, 1 - float(left[0]) / total), DIGITS)
    return Importance(dimension.name, share, min(1.0, looked_at * as_good / len(left)))


def _nearness(places: Matrix) -> Matrix:
    """Return ``(trials, trials)``: how much each counts for the other, summing to 1 in a row."""
    squares = ((places[:, None] - places[None, :]) / BANDWIDTH) ** 2
    np.fill_diagonal(squares, np.inf)
    nearest = squares.min(axis=1, keepdims=True)  # the nearest counts however far it is
    weights = np.exp((nearest - squares) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _likeness(places: Matrix) -> Matrix:
    """Return the same for values without order; who is alone in a value is told by all others."""
    alike = (places[:, None] == places[None, :]).astype(np.float64)
    np.fill_diagonal(alike, 0)
    alike[alike.sum(axis=1) == 0] = 1
    np.fill_diagonal(alike, 0)
    return np.asarray(alike / alike.sum(axis=1, keepdims=True))
