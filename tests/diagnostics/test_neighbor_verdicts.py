"""Verdicts on nearest neighbors say what is wrong, and the option to try next."""

import re
from typing import Any

import pytest

from cvtool.config import KnnConfig
from cvtool.diagnostics.intervals import wilson
from cvtool.diagnostics.neighbor_verdicts import Measured, verdicts
from cvtool.records import CrossValidatedSetting, HeldOutSetting, Setting, Verdict

QUERIES = 200


def held_out(accuracy: float, k: int = 5, ties: int = 0) -> HeldOutSetting:
    low, high = wilson(round(accuracy * QUERIES), QUERIES)
    return HeldOutSetting(k=k, metric="l1", accuracy=accuracy, ties=ties, low=low, high=high)


def folded(accuracy: float, std: float, k: int = 5) -> CrossValidatedSetting:
    folds = (accuracy - std, accuracy + std)
    return CrossValidatedSetting(k=k, metric="l1", accuracy=accuracy, ties=0, folds=folds, std=std)


def judged(*results: Setting, guess: float = 0.5, **choices: Any) -> dict[str, Verdict]:
    config = KnnConfig(k=",".join(str(each.k) for each in results), **choices)
    best = max(results, key=lambda each: (each.accuracy, -each.k))
    found = verdicts(Measured(config, results, best, QUERIES, 1000, guess))
    return {verdict.check: verdict for verdict in found}


@pytest.mark.parametrize(("accuracy", "is_well"), [(0.9, True), (0.52, False), (0.3, False)])
def test_accuracy_is_held_against_guessing(accuracy: float, is_well: bool) -> None:
    verdict = judged(held_out(accuracy))["beats guessing"]
    assert verdict.ok == is_well
    assert ("try other --features" in verdict.message) != is_well


@pytest.mark.parametrize(
    ("accuracies", "advice"),
    [
        ((0.6, 0.7, 0.8), "add 20 to --k"),
        ((0.8, 0.7, 0.6), "add 2 to --k"),
        ((0.6, 0.8, 0.7), None),
    ],
)
def test_the_best_k_lies_inside_the_range(
    accuracies: tuple[float, ...], advice: str | None
) -> None:
    settings = [held_out(each, k) for each, k in zip(accuracies, (4, 7, 10), strict=True)]
    verdict = judged(*settings)["covers the best k"]
    assert verdict.ok == (advice is None)
    assert advice is None or advice in verdict.message


def test_one_neighbor_is_the_least_there_can_be() -> None:
    assert judged(held_out(0.9, 1), held_out(0.6, 3))["covers the best k"].ok
    assert "covers the best k" not in judged(held_out(0.9, 1))


@pytest.mark.parametrize(
    ("settings", "rivals"),
    [
        ((held_out(0.9, 1), held_out(0.88, 3), held_out(0.87, 5), held_out(0.6, 7)), 2),
        ((folded(0.9, 0.01, 1), folded(0.895, 0.02, 3), folded(0.88, 0.1, 5)), 1),
        ((folded(0.9, 0.01, 1), folded(0.88, 0.1, 3)), 0),
    ],
)
def test_settings_that_chance_may_have_put_behind_are_counted(
    settings: tuple[Setting, ...], rivals: int
) -> None:
    verdict = judged(*settings)["rivals of the best"]
    assert (verdict.ok, verdict.value) == (True, rivals)


def test_many_ties_to_the_smallest_label_are_told() -> None:
    assert judged(held_out(0.9, 2, ties=20))["ties are few"].ok
    told = judged(held_out(0.9, 2, ties=21))["ties are few"]
    assert not told.ok
    assert "try --ties nearest" in told.message
    assert judged(held_out(0.9, 2, ties=21), ties="nearest")["ties are few"].ok
    assert "ties are few" not in judged(held_out(0.9, 1))


def test_the_test_set_is_not_for_choosing() -> None:
    assert "keeps the test set" not in judged(held_out(0.9))
    assert judged(held_out(0.9), split="test")["keeps the test set"].ok
    told = judged(held_out(0.9), held_out(0.8, 7), split="test")["keeps the test set"]
    assert not told.ok
    assert re.search("the best of 2 settings was chosen on the test set", told.message)
