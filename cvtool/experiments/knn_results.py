"""From counted votes to what is said of them."""

import numpy as np
from numpy.typing import NDArray

from cvtool.config import KnnConfig
from cvtool.diagnostics.intervals import wilson
from cvtool.diagnostics.neighbor_verdicts import Measured, verdicts
from cvtool.experiments.comparisons import Comparison
from cvtool.models.neighbor_search import Poll, Tally
from cvtool.records import CrossValidatedSetting, HeldOutSetting, KnnResult, Setting


def settings(
    poll: Poll, comparisons: list[Comparison], tallies: list[Tally]
) -> tuple[Setting, ...]:
    """Turn what was counted into accuracies, by metric and k."""
    counts = np.array([len(each.queries) for each in comparisons])
    right = np.array([tally.right for tally in tallies])
    tied = np.array([tally.tied for tally in tallies])
    return tuple(
        _setting(metric, k, right[:, row, column], counts, int(tied[:, row, column].sum()))
        for row, metric in enumerate(poll.metrics)
        for column, k in enumerate(poll.ks)
    )


def best_of(results: tuple[Setting, ...]) -> Setting:
    """Return the highest accuracy; of equal ones the smallest k, then the metric named first."""
    return max(results, key=lambda each: (each.accuracy, -each.k))


def _setting(
    metric: str, k: int, right: NDArray[np.int64], counts: NDArray[np.int64], ties: int
) -> Setting:
    if len(counts) == 1:
        low, high = wilson(int(right[0]), int(counts[0]))
        accuracy = float(right[0] / counts[0])
        return HeldOutSetting(k=k, metric=metric, accuracy=accuracy, ties=ties, low=low, high=high)
    shares = right / counts
    return CrossValidatedSetting(
        k=k,
        metric=metric,
        accuracy=float(shares.mean()),
        ties=ties,
        folds=tuple(shares.tolist()),
        std=float(shares.std()),
    )


def summed_up(
    config: KnnConfig,
    comparisons: list[Comparison],
    results: tuple[Setting, ...],
    *,
    run: str,
    comparing_seconds: float,
) -> KnnResult:
    """Sum up and judge a run; its time is still running."""
    labels = np.concatenate([each.queries.labels for each in comparisons])
    queries, train_images = len(labels), min(len(each.train) for each in comparisons)
    best, guess = best_of(results), float(np.bincount(labels).max() / queries)
    return KnnResult(
        run=run,
        dataset=config.dataset,
        features=config.features,
        preprocess=config.preprocess,
        seed=config.seed,
        split=config.split,
        queries=queries,
        train_images=train_images,
        seconds=0.0,
        comparing_seconds=comparing_seconds,
        ties=sum(each.ties for each in results),
        tie_rule=config.ties,
        results=results,
        best=best,
        verdicts=verdicts(Measured(config, results, best, queries, train_images, guess)),
    )
