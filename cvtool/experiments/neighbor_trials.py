"""A trial in which nearest neighbors vote: what ``knn`` would find, unsaved."""

from collections.abc import Generator
from dataclasses import replace
from math import nan

import numpy as np

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset
from cvtool.errors import UsageError
from cvtool.experiments.comparisons import Seen, compare
from cvtool.experiments.trial_data import compared, opened
from cvtool.experiments.trial_settings import with_params
from cvtool.models.neighbor_search import Poll, classifying
from cvtool.records import TrialMoved
from cvtool.tuning.trial import Measured, Trial


def try_neighbors(
    config: KnnConfig, checksum: str, trial: Trial
) -> Generator[TrialMoved, None, Measured]:
    """Let neighbors vote under the settings of a trial.

    Nothing is learned, so that the one thing a seed decides is which images are held out, or how
    folds are cut; a seed that is not the study's own therefore does, whatever the study is split
    by. Of folds, accuracies are averaged. Parameters and errors are those of ``try_learning``.
    """
    split_seed = config.split_seed if trial.seed == config.seed else None
    tried = replace(with_params(config, trial.params), seed=trial.seed, split_seed=split_seed)
    dataset = opened(tried, checksum)
    check_neighbors(tried, dataset)
    poll = Poll(tried.ks, tried.metrics, tried.ties, len(dataset.classes))
    comparisons = compared(tried, checksum)
    accuracies = []
    for done, seen in enumerate(comparisons):
        accuracy = yield from _classify(seen, poll, trial, done, len(comparisons))
        accuracies.append(accuracy)
    return Measured("finished", val_accuracy=float(np.mean(accuracies)))


def check_neighbors(config: KnnConfig, dataset: Dataset) -> None:
    """Refuse what is no trial, or cannot be done with these images.

    Raises
    ------
    UsageError
        If several settings are to be compared at once, or something does not suit the images.
    """
    for option, text, several in (
        ("k", config.k, len(config.ks) > 1),
        ("metric", config.metric, len(config.metrics) > 1),
    ):
        if several:
            choice = text.replace(",", "|").replace(" ", "")
            raise UsageError(
                f"--{option} {text} is more than one trial tries: "
                f'search them, with --search "{option}={choice}"'
            )
    compare(config, dataset)


def _classify(
    seen: Seen, poll: Poll, trial: Trial, before: int, comparisons: int
) -> Generator[TrialMoved, None, float]:
    """Compare once; tell how far all comparisons are together."""
    nobody = np.empty(0, np.int64)
    search = classifying(seen.queries, seen.train, poll, kept=nobody)
    while True:
        try:
            at = next(search)
        except StopIteration as end:
            return float(end.value.right[0, 0] / len(seen.queries))
        done, total = before * at.total + at.done, comparisons * at.total
        yield TrialMoved(trial.stage, trial.number, done, total, nan, nan)
