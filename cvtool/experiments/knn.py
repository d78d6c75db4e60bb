"""``knn``: let nearest neighbors vote, count who was right, say which setting is best."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing_chain import parse_chain
from cvtool.diagnostics.intervals import wilson
from cvtool.diagnostics.neighbor_verdicts import Measured, verdicts
from cvtool.experiments.cluster_search import searching
from cvtool.experiments.comparisons import Comparison, Seen, compare, looking
from cvtool.experiments.knn_pictures import kept_queries, neighbors_gallery, regions, scores
from cvtool.experiments.reading import read
from cvtool.features.feature_set import FeatureSet
from cvtool.kernels.jit import is_cached
from cvtool.kernels.threads import use_threads
from cvtool.models.neighbor_search import Begin, Poll, Tally, classifying
from cvtool.records import (
    CrossValidatedSetting,
    Drawn,
    HeldOutSetting,
    KnnResult,
    Note,
    Setting,
    WorkRecord,
)
from cvtool.runs import RunFolder

Record = Note | WorkRecord | Drawn | KnnResult
COMMAND = "knn"


@dataclass(frozen=True, eq=False)
class Answered:
    """What came of all comparisons; ``first`` is the first of them, as it was seen."""

    tallies: list[Tally]
    first: Seen
    seconds: float


def knn(config: KnnConfig) -> Iterator[Record]:
    """Classify images by their nearest neighbors, keep what came of it as a run.

    Yields
    ------
    Notes and how far the work is, then pictures, and last of all the result.

    Raises
    ------
    UsageError, DataError
        Before anything is written.
    """
    started = perf_counter()
    FeatureSet.parse(config.features)
    parse_chain(config.preprocess)
    threads = use_threads(config.threads)
    dataset = yield from read(config)
    comparisons = compare(config, dataset)
    poll = Poll(config.ks, config.metrics, config.ties, len(dataset.classes))
    with searching(config.cluster, threads) as begin:
        folder = _begin_run(config, dataset, threads)
        if not is_cached("nearest"):
            yield Note("compiling what compares images, for this processor, once")
        answered = yield from _answer(config, dataset, comparisons, poll, begin)
    results = _settings(poll, comparisons, answered.tallies)
    best = max(results, key=lambda each: (each.accuracy, -each.k))
    yield from _pictures(config, dataset, comparisons[0], answered, results, best)
    result = _result(config, folder, comparisons, answered, results, best)
    result = replace(result, seconds=perf_counter() - started)
    folder.write_result(result)
    yield result


def _begin_run(config: KnnConfig, dataset: Dataset, threads: int) -> RunFolder:
    """Begin a run, and write down where it opens the test set."""
    folder = RunFolder.create(
        config.name,
        f"knn-{dataset.name}",
        config=config,
        facts={"command": COMMAND, "threads": threads, "data_checksum": dataset.checksum},
    )
    if config.split == "test":
        folder.count_test_opening()
    return folder


def _answer(
    config: KnnConfig, dataset: Dataset, comparisons: list[Comparison], poll: Poll, begin: Begin
) -> Generator[Note | WorkRecord, None, Answered]:
    """Go through the comparisons; the neighbors of some queries of the first are kept."""
    tallies: list[Tally] = []
    first, seconds = None, 0.0
    for seen in looking(config, dataset, comparisons):
        if not isinstance(seen, Seen):
            yield seen
            continue
        first = first or seen
        kept = kept_queries(0 if tallies else len(seen.queries), config.seed)
        if len(comparisons) > 1:
            yield Note(f"fold {len(tallies) + 1} of {len(comparisons)}")
        started = perf_counter()
        tally = yield from classifying(seen.queries, seen.train, poll, kept=kept, begin=begin)
        seconds += perf_counter() - started
        tallies.append(tally)
    assert first is not None, "there is at least one comparison"
    return Answered(tallies, first, seconds)


def _settings(
    poll: Poll, comparisons: list[Comparison], tallies: list[Tally]
) -> tuple[Setting, ...]:
    """Turn what was counted into accuracies, by metric and k."""
    counts = np.array([len(each.queries) for each in comparisons])
    right, tied = (np.array([getattr(each, name) for each in tallies]) for name in COUNTED)
    return tuple(
        _setting(metric, k, right[:, row, column], counts, int(tied[:, row, column].sum()))
        for row, metric in enumerate(poll.metrics)
        for column, k in enumerate(poll.ks)
    )


COUNTED = ("right", "tied")


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


def _pictures(
    config: KnnConfig,
    dataset: Dataset,
    comparison: Comparison,
    answered: Answered,
    results: tuple[Setting, ...],
    best: Setting,
) -> Iterator[WorkRecord | Drawn]:
    if dataset.has_points:
        yield (yield from regions(dataset, answered.first, config, best.metric))
    else:
        yield neighbors_gallery(dataset, comparison, answered.tallies[0], best, config.seed)
    if len(config.ks) > 1:
        yield scores(dataset, results)


def _result(
    config: KnnConfig,
    folder: RunFolder,
    comparisons: list[Comparison],
    answered: Answered,
    results: tuple[Setting, ...],
    best: Setting,
) -> KnnResult:
    labels = np.concatenate([each.queries.labels for each in comparisons])
    queries, train_images = len(labels), min(len(each.train) for each in comparisons)
    guess = float(np.bincount(labels).max() / queries)
    return KnnResult(
        run=str(folder.path),
        dataset=config.dataset,
        features=config.features,
        preprocess=config.preprocess,
        seed=config.seed,
        split=config.split,
        queries=queries,
        train_images=train_images,
        seconds=0.0,
        comparing_seconds=answered.seconds,
        ties=sum(each.ties for each in results),
        tie_rule=config.ties,
        results=results,
        best=best,
        verdicts=verdicts(Measured(config, results, best, queries, train_images, guess)),
    )
