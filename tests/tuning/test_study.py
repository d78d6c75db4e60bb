"""The search: a function of the seed alone, whoever works, and wherever it was cut off."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from math import exp, log10
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvtool.config import TrainConfig, TuneConfig
from cvtool.errors import DataError
from cvtool.records import StageBegan, TrialBegan, TrialEvent, TrialMoved, TrialRecord
from cvtool.tuning.executors import Here
from cvtool.tuning.journal import Journal
from cvtool.tuning.proposing import proposer_of
from cvtool.tuning.ranking import top
from cvtool.tuning.spelling import parse
from cvtool.tuning.stages import plan
from cvtool.tuning.study import REPEATED, Search, Study
from cvtool.tuning.trial import Measured, Trial

SPACE = "learning_rate=1e-5..1e-1 log, strength=1e-6..1e-1 log, batch_size=32|64"
EPOCHS = 10


def hill(trial: Trial, peak: float = -3.0) -> Generator[TrialMoved, None, Measured]:
    """Reach the more the nearer the rate is to its best power of ten; the penalty hardly counts."""
    yield TrialMoved(trial.stage, trial.number, 1, 1, 1.0, 0.5)
    rate, strength = log10(trial.params["learning_rate"]), log10(trial.params["strength"])
    luck = np.random.default_rng([trial.seed, trial.number]).normal(0, 0.002)
    accuracy = exp(-((rate - peak) ** 2) / 4) * (1 - 1e-3 * abs(strength + 4)) - 0.01 + luck
    return Measured("finished", "", 1.0, accuracy, 0.1, 1 - accuracy, trial.epochs)


def diverging(trial: Trial) -> Generator[TrialMoved, None, Measured]:
    """Explode whatever the settings."""
    yield TrialMoved(trial.stage, trial.number, 1, 1, 9.0, 0.1)
    return Measured("diverged", "the loss exploded")


def search(seed: int = 0, space: str = SPACE, **chosen: object) -> Search:
    config = TuneConfig(**{"random": 20, "repeats": 2, **chosen})
    return Search(
        parse(space, TrainConfig),
        plan(config, EPOCHS),
        seed,
        proposer_of(config, seed),
        config.repeats,
        not config.no_extend,
    )


def carry_out(searched: Search, folder: Path, executor: object = None) -> Study:
    study = Study(searched, executor or Here(hill), Journal(folder / "trials.jsonl"))
    for _ in study.run():
        pass
    return study


def timeless(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    return [replace(record, seconds=0.0) for record in records]


class Scrambled:
    """Carries trials out in an order of its own."""

    workers = 3

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def carry_out(self, trials: Sequence[Trial]) -> Iterator[TrialEvent]:
        order = self._random.permutation(len(trials))
        return Here(hill).carry_out([trials[place] for place in order])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return carry_out(search(), tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("order", range(3))
def test_the_order_in_which_trials_end_changes_nothing(tmp_path, whole, order):
    other = carry_out(search(), tmp_path, Scrambled(order))
    assert timeless(other.records) == timeless(whole.records)
    assert other.candidates == whole.candidates


@settings(max_examples=20)
@given(st.lists(st.integers(1, 15), max_size=5))
def test_kills_change_nothing(tmp_path_factory, whole, lives):
    """Each life writes some trials down and is cut off in the middle of a line."""
    folder = tmp_path_factory.mktemp("killed")
    for trials in lives:
        study = Study(search(), Here(hill), Journal(folder / "trials.jsonl"))
        finished = 0
        for event in study.run():
            finished += isinstance(event, TrialRecord)
            if finished == trials:
                break
        with (folder / "trials.jsonl").open("ab") as file:
            file.write(b'{"stage": 0, "nu')
    last = carry_out(search(), folder)
    assert timeless(last.records) == timeless(whole.records)
    assert last.candidates == whole.candidates


def test_what_is_known_is_not_tried_again(tmp_path, whole):
    carry_out(search(), tmp_path)
    study = Study(search(), Here(diverging), Journal(tmp_path / "trials.jsonl"))
    events = list(study.run())
    assert all(event.done == event.trials for event in events if isinstance(event, StageBegan))
    assert not any(isinstance(event, TrialBegan) for event in events)
    assert study.candidates == whole.candidates


def test_another_seed_tries_other_settings(tmp_path, whole):
    assert carry_out(search(seed=1), tmp_path).records[0].params != whole.records[0].params


def test_the_winner_is_near_the_peak_and_judged_by_seeds_that_did_not_choose_it(whole):
    (best, *others) = whole.candidates
    assert 10**-3.5 < best.params["learning_rate"] < 10**-2.5
    assert len(others) == REPEATED - 1
    repeats = whole.finished[-1]
    assert repeats.stage.kind == "repeats"
    assert {record.seed for record in repeats.records} == {1, 2}
    assert len(best.val_accuracies) == 2


def test_the_best_settings_are_repeated_whichever_stage_saw_them(tmp_path):
    """One of four coarse trials is nearer to the peak than both fine ones."""
    study = carry_out(search(random=6, seed=3), tmp_path)
    *stages, repeats = study.finished
    [best] = top([record for each in stages for record in each.records], 1)
    assert stages[best.stage].stage.kind == "coarse"
    assert repeats.stage.kind == "repeats"
    assert {record.epochs for record in repeats.records} == {EPOCHS}
    assert study.candidates[0].params == best.params


def test_the_best_trials_are_repeats_of_the_best_settings(whole):
    repeats = whole.finished[-1].records
    assert whole.best_trials(100) == sorted(repeats, key=lambda each: -each.val_accuracy)
    assert len(whole.best_trials(2)) == 2


def test_without_repeats_the_best_trial_wins(tmp_path):
    study = carry_out(search(repeats=0), tmp_path)
    (first,) = top(study.seen_to_the_end, 1)
    assert study.candidates[0].params == first.params


def test_the_fine_stage_searches_a_part_of_the_coarse_one(whole):
    coarse, fine = whole.finished[0].space, whole.finished[1].space
    assert coarse["learning_rate"].low < fine["learning_rate"].low
    assert fine["learning_rate"].high < coarse["learning_rate"].high


def test_a_study_in_which_nothing_learns_ends_after_its_first_stage(tmp_path):
    study = carry_out(search(), tmp_path, Here(diverging))
    assert [each.stage.name for each in study.finished] == ["coarse"]
    assert study.candidates == ()


def test_halving_goes_on_with_the_best(tmp_path):
    study = carry_out(search(halving=True, no_extend=True, repeats=0), tmp_path)
    first, second = study.finished[:2]
    best = [record.params for record in top(first.records, second.stage.trials or 0)]
    assert [record.params for record in second.records] == best
    assert {record.epochs for record in second.records} == {second.stage.epochs}


def beyond(trial: Trial) -> Generator[TrialMoved, None, Measured]:
    """Have the peak at a rate of one half, beyond the range."""
    return hill(trial, peak=log10(0.5))


@pytest.mark.parametrize("seed", range(5))
def test_a_peak_beyond_the_edge_is_told_of_and_found(tmp_path, seed):
    study = carry_out(search(seed, random=40), tmp_path, Here(beyond))
    assert "learning rate" in study.warnings[0]
    assert "0.1" in study.warnings[0]
    best = study.candidates[0].params
    assert 0.1 < best["learning_rate"] < 2.5


def test_told_not_to_it_never_looks_beyond(tmp_path):
    study = carry_out(search(random=40, no_extend=True), tmp_path, Here(beyond))
    assert "extension" not in [each.stage.kind for each in study.finished]
    assert max(record.params["learning_rate"] for record in study.records) <= 0.1
    assert study.warnings


def test_a_grid_tries_every_combination(tmp_path):
    study = carry_out(search(grid=True, points=3), tmp_path)
    assert len(study.finished[0].records) == 3 * 3 * 2


def test_trials_of_another_study_are_refused(tmp_path):
    carry_out(search(), tmp_path)
    with pytest.raises(DataError, match="begin anew"):
        carry_out(search(seed=3), tmp_path)


def breaking(trial: Trial) -> Generator[TrialMoved, None, Measured]:
    """Break every third trial."""
    if trial.number % 3 == 1:
        raise ValueError("these do not fit")
    return (yield from hill(trial))


def test_broken_trials_are_recorded_and_the_study_goes_on(tmp_path):
    study = carry_out(search(), tmp_path, Here(breaking))
    broken = [record for record in study.records if record.outcome == "broken"]
    assert broken
    assert all("these do not fit" in record.reason for record in broken)
    assert study.finished[-1].stage.kind == "repeats"


def test_settings_are_tried_once_where_there_are_few(tmp_path):
    study = carry_out(search(space="batch_size=16|32|64", repeats=0), tmp_path, Here(flat))
    assert sorted(record.params["batch_size"] for record in study.finished[0].records) == [
        16,
        32,
        64,
    ]


def flat(trial: Trial) -> Generator[TrialMoved, None, Measured]:
    """Reach the same whatever the settings."""
    yield TrialMoved(trial.stage, trial.number, 1, 1, 1.0, 0.5)
    return Measured("finished", "", 0.5, 0.5, 1.0, 1.0, trial.epochs)


@given(trials=st.integers(0, 20))
@settings(max_examples=20)
def test_a_study_that_somebody_left_knows_what_was_tried(tmp_path_factory, trials):
    folder = tmp_path_factory.mktemp("left")
    study = Study(search(), Here(hill), Journal(folder / "trials.jsonl"))
    events = study.run()
    seen = []
    while len(seen) < trials:
        event = next(events)
        seen += [event] if isinstance(event, TrialRecord) else []
    events.close()
    assert timeless(study.records) == timeless(seen)
