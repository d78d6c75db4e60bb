"""Verdicts on a study name what was seen and what to do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from reference.studies import MIXED, record, studies

from cvtool.records import Candidate, Importance
from cvtool.tuning.dimension import Choice, Range
from cvtool.tuning.lost_trials import trials_finish
from cvtool.tuning.ranking import candidates
from cvtool.tuning.search_verdicts import best_stands_out, what_mattered
from cvtool.tuning.space import Space

SPACE = Space((Range("rate", 1e-4, 1.0, log=True), Choice("optimizer", ("sgd", "adam"))))


def learned(*groups):
    return candidates(
        [
            record(10 * rate + seed, accuracy, seed=seed, rate=rate)
            for rate, accuracies in enumerate(groups)
            for seed, accuracy in enumerate(accuracies)
        ]
    )


def test_one_that_mattered_is_named_beside_the_most_of_the_rest():
    verdict = what_mattered(
        [
            Importance("rate", 0.71, 0.001),
            Importance("dropout", 0.06, 0.2),
            Importance("filters", 0.0, 0.9),
        ]
    )
    assert verdict.ok
    assert verdict.value == 0.71
    assert verdict.message == (
        "rate explains 71% of the differences between trials, no other more than 6%"
    )


def test_all_that_mattered_are_named():
    verdict = what_mattered([Importance("rate", 0.5, 0.001), Importance("filters", 0.3, 0.001)])
    assert verdict.message == (
        "rate explains 50% of the differences between trials, filters explains 30%"
    )


def test_chance_is_not_said_to_matter():
    verdict = what_mattered([Importance("rate", 0.12, 0.06), Importance("filters", 0.0, 0.9)])
    assert not verdict.ok
    assert "no hyperparameter mattered" in verdict.message
    assert what_mattered([]) is None


def test_best_that_leads_by_more_than_seeds_make_stands_out():
    verdict = best_stands_out(learned((0.95, 0.951, 0.952), (0.93, 0.931, 0.929), (0.8, 0.8, 0.8)))
    assert verdict.ok
    assert verdict.value == pytest.approx(0.021)
    assert "2.10%" in verdict.message


def test_settings_within_the_noise_are_a_plateau():
    verdict = best_stands_out(learned((0.95, 0.93, 0.94), (0.94, 0.92, 0.945), (0.5, 0.51, 0.5)))
    assert not verdict.ok
    assert verdict.message.startswith("the best 2 settings are within 0.50% of each other")
    assert verdict.message.endswith("try --repeats 6")


def test_equal_settings_without_any_noise_are_a_plateau():
    assert not best_stands_out(learned((0.9, 0.9), (0.9, 0.9))).ok
    assert best_stands_out(learned((0.9, 0.9), (0.8, 0.8))).ok


def test_without_repeats_or_others_nothing_can_be_told():
    assert best_stands_out(learned((0.9,), (0.8,))) is None
    assert best_stands_out(learned((0.9, 0.8))) is None
    assert best_stands_out(()) is None


def test_equal_settings_rarely_seem_to_differ():
    random = np.random.default_rng(0)
    said = [best_stands_out(learned(*random.normal(0.9, 0.01, (3, 3)))).ok for _ in range(300)]
    assert np.mean(said) < 0.1
    apart = [(0.95, 0.9, 0.9)[each] + random.normal(0, 0.01, (300, 3)) for each in range(3)]
    said = [best_stands_out(learned(*each)).ok for each in zip(*apart, strict=True)]
    assert np.mean(said) > 0.9


def test_settings_that_failed_with_some_seed_are_compared_without_it():
    lucky = Candidate({"rate": 1}, 0.99, 0.0, (0.99,))
    verdict = best_stands_out([*learned((0.9, 0.91), (0.8, 0.81)), lucky])
    assert not verdict.ok


def outcomes(rule):
    """Try 15 rates, each with both optimizers; a rule says what came of each."""
    rates = [float(f"{rate:.2g}") for rate in np.geomspace(1e-4, 1, 15)]
    pairs = [(rate, name) for rate in rates for name in ("sgd", "adam")]
    return [
        record(number, outcome=rule(rate, name), rate=rate, optimizer=name)
        for number, (rate, name) in enumerate(pairs)
    ]


def test_rates_that_were_too_large_are_told():
    verdict = trials_finish(
        SPACE, outcomes(lambda rate, _: "diverged" if rate > 0.05 else "finished")
    )
    assert not verdict.ok
    assert verdict.value == pytest.approx(20 / 30)
    assert verdict.message == (
        "10 of 30 trials diverged, all of them with rate at 0.072 or more: search below that"
    )


def test_values_that_failed_are_told():
    verdict = trials_finish(
        SPACE, outcomes(lambda _, name: "stopped early" if name == "sgd" else "finished")
    )
    assert verdict.message == (
        "15 of 30 trials were stopped early, all of them with optimizer=sgd: leave it out"
    )


def test_both_ends_of_a_range_can_fail_in_their_ways():
    def rule(rate, _):
        return "diverged" if rate > 0.05 else "stopped early" if rate < 0.002 else "finished"

    message = trials_finish(SPACE, outcomes(rule)).message
    assert "10 of 30 trials diverged, all of them with rate at 0.072 or more" in message
    assert "10 of 30 trials were stopped early, all of them with rate at 0.0014 or less" in message


def test_failures_without_a_pattern_ask_for_a_sanity_check():
    random = np.random.default_rng(0)
    records = outcomes(lambda *_: "diverged" if random.random() < 0.5 else "finished")
    assert "whatever their settings" in trials_finish(SPACE, records).message
    assert (
        "whatever their settings" in trials_finish(SPACE, outcomes(lambda *_: "diverged")).message
    )


def test_a_few_failures_are_what_a_coarse_search_is_for():
    verdict = trials_finish(
        SPACE, outcomes(lambda rate, _: "diverged" if rate > 0.5 else "finished")
    )
    assert verdict.ok
    assert verdict.message == "26 of 30 trials came to their end"
    assert trials_finish(SPACE, []) is None


def test_many_broken_trials_are_told_with_their_reason():
    records = outcomes(lambda rate, _: "broken" if rate > 0.05 else "finished")
    why = [replace(each, reason="too large" * (each.outcome == "broken")) for each in records]
    verdict = trials_finish(SPACE, why)
    assert not verdict.ok
    assert verdict.value == 1.0
    assert verdict.message == "10 of 30 trials are broken, as in: too large"
    alone = trials_finish(SPACE, why[-1:])
    assert alone.value == 0.0
    assert alone.message == "1 of 1 trials are broken, as in: too large"


@given(studies(MIXED))
def test_any_study_can_be_told_of(records):
    verdict = trials_finish(MIXED, records)
    judged = [each for each in records if each.outcome != "broken"]
    if not records:
        assert verdict is None
    else:
        finished = sum(each.outcome == "finished" for each in judged)
        assert verdict.value == finished / max(len(judged), 1)
