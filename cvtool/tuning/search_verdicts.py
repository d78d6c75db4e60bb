"""What a study as a whole tells: what mattered, and whether the best is the best."""

from collections.abc import Sequence
from math import fsum, sqrt

from cvtool.records import Candidate, Importance, Verdict
from cvtool.records.params import setting_name

REACH = 2.0
"""Standard errors within which two means are not told apart: about 95 % of what seeds make."""


def what_mattered(importances: Sequence[Importance]) -> Verdict | None:
    """Say which hyperparameters explain the differences between trials, if any was judged."""
    check = "what mattered"
    if not importances:
        return None
    mattered = [each for each in importances if each.is_sure]
    if not mattered:
        advice = "try wider ranges, more trials or more epochs"
        message = f"no hyperparameter mattered more than chance would have it: {advice}"
        return Verdict(check, False, max(each.share for each in importances), message)
    first, *others = [f"{setting_name(each.name)} explains {each.share:.0%}" for each in mattered]
    message = ", ".join([f"{first} of the differences between trials", *others])
    rest = [each.share for each in importances if each not in mattered]
    if rest:
        message += f", no other more than {max(rest):.0%}"
    return Verdict(check, True, mattered[0].share, message)


def best_stands_out(candidates: Sequence[Candidate]) -> Verdict | None:
    """Say whether the best settings are better than the others by more than seeds make.

    None where fewer than two settings were learned, or none of them with several seeds.

    Parameters
    ----------
    candidates
        Settings that were learned with several seeds, the best first.
    """
    check = "best stands out"
    freedom = sum(len(each.val_accuracies) - 1 for each in candidates)
    if len(candidates) < 2 or freedom < 1:
        return None
    deviation = _deviation(candidates, freedom)
    best = candidates[0]
    level = [each for each in candidates if _is_level(best, each, deviation)]
    if len(level) > 1:
        means = [each.val_accuracy for each in level]
        spread = max(means) - min(means)
        return Verdict(check, False, spread, _plateau(level, spread, deviation))
    lead = best.val_accuracy - max(each.val_accuracy for each in candidates[1:])
    seen = f"the best settings lead by {lead:.2%}"
    message = f"{seen}, more than seeds make, which scatter by ±{deviation:.2%}"
    return Verdict(check, True, lead, message)


def _deviation(candidates: Sequence[Candidate], freedom: int) -> float:
    """Return the standard deviation over seeds, pooled: each candidate has too few for its own."""
    squares = fsum((len(each.val_accuracies) - 1) * each.std**2 for each in candidates)
    return sqrt(squares / freedom)


def _is_level(best: Candidate, other: Candidate, deviation: float) -> bool:
    error = deviation * sqrt(1 / len(best.val_accuracies) + 1 / len(other.val_accuracies))
    return best.val_accuracy - other.val_accuracy <= REACH * error


def _plateau(level: Sequence[Candidate], spread: float, deviation: float) -> str:
    repeats = max(len(each.val_accuracies) for each in level)
    seen = f"the best {len(level)} settings are within {spread:.2%} of each other"
    noise = f"and seeds alone scatter by ±{deviation:.2%}"
    advice = f"only more seeds or images can tell them apart, try --repeats {2 * repeats}"
    return f"{seen}, {noise}: {advice}"
