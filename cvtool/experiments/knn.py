"""``knn``: let nearest neighbors vote, count who was right, say which setting is best."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing_chain import parse_chain
from cvtool.diagnostics.pixel_distances import check_pixels, explain
from cvtool.experiments.cluster_search import searching
from cvtool.experiments.comparisons import Comparison, Seen, compare, looking
from cvtool.experiments.first_use import compiling
from cvtool.experiments.keeping_pictures import keep, noting
from cvtool.experiments.knn_pictures import kept_queries, neighbors_gallery, regions, scores
from cvtool.experiments.knn_results import best_of, settings, summed_up
from cvtool.experiments.reading import read
from cvtool.features.feature_set import FeatureSet
from cvtool.kernels.threads import use_threads
from cvtool.models.neighbor_search import Begin, Poll, Tally, classifying
from cvtool.records import (
    Drawn,
    ExplainedKnnResult,
    Explanation,
    KnnResult,
    Note,
    Setting,
    WorkRecord,
)
from cvtool.runs import RunFolder
from cvtool.runs.pictures import Drawable
from cvtool.seeds import stream

Record = Note | WorkRecord | Drawn | KnnResult
COMMAND = "knn"

_EXPLAINED_BYTES = 2**28


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
    RunFolder.check_free(config.name)
    FeatureSet.parse(config.features)
    parse_chain(config.preprocess)
    threads = use_threads(config.threads)
    dataset = yield from read(config)
    if config.explain:
        check_pixels(dataset)
    comparisons = compare(config, dataset)
    with searching(config.cluster, threads) as begin:
        folder = _begin_run(config, dataset, threads)
        with folder.kept_if_finished(), folder.held():
            work = _compared(config, dataset, comparisons, begin, str(folder.path))
            seen: list[Drawable] = []
            result = yield from noting(work, seen)
            keep(folder, seen)
            result = replace(result, seconds=perf_counter() - started)
            folder.write_result(result)
            yield result


def _compared(
    config: KnnConfig, dataset: Dataset, comparisons: list[Comparison], begin: Begin, run: str
) -> Generator[Record, None, KnnResult]:
    """Compare, judge, draw, and explain where that is asked for."""
    yield from compiling("what compares images", "nearest")
    poll = Poll(config.ks, config.metrics, config.ties, len(dataset.classes))
    answered = yield from _answer(config, dataset, comparisons, poll, begin)
    results = settings(poll, comparisons, answered.tallies)
    yield from _pictures(config, dataset, comparisons[0], answered, results)
    result = summed_up(config, comparisons, results, run=run, comparing_seconds=answered.seconds)
    if not config.explain:
        return result
    explanation = yield from _explain(config, comparisons[0], dataset.classes, result.best.metric)
    return ExplainedKnnResult(**vars(result), explanation=explanation)


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
        fold = f"fold {len(tallies) + 1} of {len(comparisons)}: " if len(comparisons) > 1 else ""
        work = f"{fold}comparing with training image"
        started = perf_counter()
        tally = yield from classifying(
            seen.queries, seen.train, poll, kept=kept, begin=begin, work=work
        )
        seconds += perf_counter() - started
        tallies.append(tally)
    assert first is not None, "there is at least one comparison"
    return Answered(tallies, first, seconds)


def _pictures(
    config: KnnConfig,
    dataset: Dataset,
    comparison: Comparison,
    answered: Answered,
    results: tuple[Setting, ...],
) -> Iterator[WorkRecord | Drawn]:
    best = best_of(results)
    if dataset.has_points:
        yield (yield from regions(dataset, answered.first, config, best.metric))
    else:
        yield neighbors_gallery(config, dataset, comparison, answered.tallies[0], best)
    if len(config.ks) > 1:
        yield scores(dataset, results)


def _explain(
    config: KnnConfig, comparison: Comparison, classes: tuple[str, ...], metric: str
) -> Generator[WorkRecord | Drawn, None, Explanation]:
    """Look at the pixels of training images: all of them, or as many as memory is to hold."""
    train = comparison.train
    count = _EXPLAINED_BYTES // train.images_at(slice(1)).nbytes
    some = np.sort(stream(config.seed, "neighbors", "explained").permutation(len(train))[:count])
    images, labels = train.images_at(some), train.labels[some]
    return (yield from explain(images, labels, classes, metric=metric, seed=config.seed))
