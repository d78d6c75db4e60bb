"""Whether the best trials of a search over- or underfit, and what to search next (notes §6.6)."""

from collections.abc import Sequence
from math import isnan
from statistics import median

from cvtool.config import KnnConfig, Model, TrainConfig
from cvtool.diagnostics.learning_curves import NEARLY_PERFECT, OVERFIT_GAP, SAME_GAP
from cvtool.features.feature_set import PIXELS
from cvtool.records import TrialRecord, Verdict

FEW_RIGHT = 0.5
"""Training accuracy below this leaves room for a larger model, whatever the gap."""


def fitting(best: Sequence[TrialRecord], model: Model) -> Verdict | None:
    """Judge the best trials by the gap between training and validation accuracy.

    Parameters
    ----------
    best
        Those trials, of which the median counts; nothing is said if there is none.
    model
        What was fixed while they were tried.

    Returns
    -------
    The verdict, or None where nothing is learned.
    """
    check = "fits the data"
    if not best or isinstance(model, KnnConfig) or isnan(best[0].train_accuracy):
        return None
    train, val = (
        median(getattr(each, f"{part}_accuracy") for each in best) for part in ("train", "val")
    )
    gap = train - val
    seen = f"the best trials are {train:.1%} right in training, {val:.1%} in validation"
    if gap > OVERFIT_GAP:
        return Verdict(check, False, gap, f"{seen}: they overfit, {_against_overfitting(model)}")
    if (gap > SAME_GAP and train >= FEW_RIGHT) or val >= NEARLY_PERFECT:
        return Verdict(check, True, gap, f"{seen}: neither over- nor underfit")
    return Verdict(check, False, gap, f"{seen}: they underfit, {_against_underfitting(model)}")


def _against_overfitting(model: Model) -> str:
    """Say what to search next where more regularization is needed."""
    if not isinstance(model, TrainConfig):
        return 'search stronger penalties next, as --search "strength=1e-3..10 log"'
    more = ""
    if model.augment == "none" and model.features == PIXELS:
        more = ", with --augment shift"
    return f'search next --search "strength=1e-4..1 log, dropout=0.2..0.8"{more}'


def _against_underfitting(model: Model) -> str:
    """Say what to search next where there is room for more."""
    if not isinstance(model, TrainConfig):
        return "search other --features next, or --model cnn: one matrix has no room for more"
    return (
        f'search larger networks next, as --search "filters=32|64|128", '
        f"or train longer, as --epochs {2 * model.epochs}"
    )
