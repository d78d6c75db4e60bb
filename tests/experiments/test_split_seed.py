"""``--split-seed`` says which images are held out, ``--seed`` what is learned from the others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cvtool.config import KnnConfig, TrainConfig
from cvtool.config.tuning import TuneSettings
from cvtool.datasets.opening import open_dataset
from cvtool.experiments.comparisons import compare
from cvtool.experiments.preparation import split_as_configured
from cvtool.experiments.trials import objective_of
from cvtool.records import finish
from cvtool.tuning.trial import Trial

Run = Callable[..., Any]


def held_out(**choices: Any) -> list[int]:
    config = TrainConfig(limit=60, **choices)
    return split_as_configured(config, open_dataset("digits")).validation.indices.tolist()


def test_it_goes_before_the_seed() -> None:
    assert held_out(seed=1, split_seed=0) == held_out(seed=0) == held_out()
    assert held_out(seed=0, split_seed=1) == held_out(seed=1) != held_out(seed=0)


def test_other_weights_are_learned_from_the_same_images(train: Run) -> None:
    checksums = {
        train(*words, "--name", name).json["weights_checksum"]
        for name, words in {
            "a": ("--seed", "0"),
            "b": ("--seed", "1"),
            "c": ("--seed", "1", "--split-seed", "0"),
            "again": ("--seed", "1", "--split-seed", "1"),
        }.items()
    }
    assert len(checksums) == 3  # what a seed says anyway can be said as well


def test_a_trial_learns_from_the_images_that_the_command_learns_from(train: Run) -> None:
    run = train("--seed", "1", "--split-seed", "3", "--epochs", "2").json
    words = {"arch": "conv3-4 + relu + maxpool2", "limit": 60, "batch_size": 16, "threads": 1}
    dataset = open_dataset("digits")
    for seeds in ({"seed": 1, "split_seed": 3}, {"seed": 3}):
        chosen = TuneSettings.from_dict({"model": "cnn", **words, **seeds})
        found = finish(objective_of(chosen, dataset)(Trial(1, 0, {}, 2, 1, False)))
        assert (found.val_accuracy, found.best_epoch) == (
            *(run["best_val_accuracy"], run["best_epoch"]),
        )
        if found.best_epoch == 2:
            assert (found.train_loss, found.val_loss) == (run["train_loss"], run["val_loss"])


@pytest.mark.parametrize("choices", [{}, {"folds": 3}, {"split": "test"}])
def test_neighbors_are_split_likewise(choices: dict[str, Any]) -> None:
    dataset = open_dataset("digits")

    def indices(**seeds: int) -> list[list[int]]:
        compared = compare(KnnConfig(limit=60, **choices, **seeds), dataset)
        return [each.train.indices.tolist() for each in compared]

    assert indices(seed=4, split_seed=2) == indices(seed=2) != indices(seed=4)


def test_repeats_of_neighbors_hold_other_images_out_still() -> None:
    def accuracies(**seeds: int) -> list[float]:
        chosen = TuneSettings.from_dict({"model": "knn", "limit": 300, "threads": 1, **seeds})
        trying = objective_of(chosen, open_dataset("digits"))
        trials = (Trial(1, 0, {"k": 1}, 0, seed, False) for seed in range(4))
        return [finish(trying(trial)).val_accuracy for trial in trials]

    plain, split = accuracies(), accuracies(split_seed=3)
    assert split[1:] == plain[1:]
    assert split[0] == plain[3]
    assert len(np.unique(split[1:])) > 1
