"""What there is to see of nearest neighbors: them, their regions in the plane, their accuracies."""

from collections.abc import Generator, Sequence

import numpy as np

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.looking import as_bytes
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import whole
from cvtool.diagnostics.explained_gallery import spell_distance
from cvtool.diagnostics.plane import plane
from cvtool.experiments.comparisons import Comparison, Seen
from cvtool.models.neighbor_search import Poll, Tally, classifying
from cvtool.records import (
    CrossValidatedSetting,
    Gallery,
    Line,
    Panel,
    Picture,
    Regions,
    Scores,
    Setting,
    WorkRecord,
)
from cvtool.seeds import stream

KEPT = 256
"""Queries whose neighbors are kept until it is known which of them were classified wrongly."""

_ROWS = 4
_NEIGHBORS = 8
_PANELS = 6
_MOST_POINTS = 1000
_CELLS = 120
"""Places to ask about along a side: as many as can be told apart in a panel."""


def kept_queries(count: int, seed: int) -> Indices:
    """Draw the queries whose neighbors are kept, ascending."""
    return np.sort(stream(seed, "neighbors", "kept").permutation(count)[:KEPT])


def neighbors_gallery(
    config: KnnConfig, dataset: Dataset, comparison: Comparison, tally: Tally, best: Setting
) -> Gallery:
    """Show a few queries of each kind, classified rightly and wrongly, beside their neighbors."""
    winners = tally.winners_of_kept(best.metric, best.k)
    is_right = winners == comparison.queries.labels[tally.kept]
    shuffled = stream(config.seed, "neighbors", "shown").permutation(len(winners))
    rows = []
    for name, is_wanted in (("right", is_right), ("wrong", ~is_right)):
        for at in shuffled[is_wanted[shuffled]][:_ROWS]:
            query = _query(dataset, comparison, tally.kept[at], winners[at])
            rows.append((name, (query, *_neighbors(dataset, comparison, tally, best.metric, at))))
    how = f"by {best.metric} of {config.features}, k = {best.k}"
    title = f"{dataset.name}: images and their nearest neighbors {how}"
    return Gallery("neighbors", title, tuple(rows))


def _query(dataset: Dataset, comparison: Comparison, position: int, winner: int) -> Picture:
    [image] = as_bytes(comparison.queries.images_at(np.array([position])))
    truth = dataset.classes[comparison.queries.labels[position]]
    return Picture(image, above=truth, below=f"→ {dataset.classes[winner]}")


def _neighbors(
    dataset: Dataset, comparison: Comparison, tally: Tally, metric: str, at: int
) -> list[Picture]:
    found = tally.neighbors_of_kept(metric)
    indices, distances = found.indices[at, :_NEIGHBORS], found.distances[at, :_NEIGHBORS]
    images = as_bytes(comparison.train.images_at(indices))
    names = [dataset.classes[label] for label in comparison.train.labels[indices]]
    return [
        Picture(image, above=name, below=spell_distance(distance))
        for image, name, distance in zip(images, names, distances.tolist(), strict=True)
    ]


def regions(
    dataset: Dataset, seen: Seen, config: KnnConfig, metric: str
) -> Generator[WorkRecord, None, Regions]:
    """Ask for the class of every place in the plane, for some numbers of neighbors (§2.1)."""
    train = seen.train.subset
    points = train.images_at(slice(None)).reshape(-1, 2)
    cells = plane(points, _CELLS)
    queries = whole(Examples(cells.grid, np.zeros(len(cells.grid), np.int64)))
    asked = Poll(_some(config.ks), (metric,), config.ties, len(dataset.classes))
    tally = yield from classifying(
        Rows.of(queries, seen.view.preprocessing), seen.train, asked, kept=queries.indices
    )
    shown = np.sort(
        stream(config.seed, "neighbors", "points").permutation(len(train))[:_MOST_POINTS]
    )
    winners = [tally.winners_of_kept(metric, k).reshape(cells.shape) for k in asked.ks]
    return Regions(
        name="regions",
        title=f"{dataset.name}: the class of each place by {metric} neighbors",
        panels=tuple(Panel(f"k = {k}", each) for k, each in zip(asked.ks, winners, strict=True)),
        x=cells.x,
        y=cells.y,
        points=points[shown],
        labels=train.labels[shown],
        classes=dataset.classes,
    )


def _some(ks: tuple[int, ...]) -> tuple[int, ...]:
    """Pick as many as there is room for side by side, the first and the last among them."""
    places = np.linspace(0, len(ks) - 1, min(len(ks), _PANELS)).round().astype(int)
    return tuple(ks[place] for place in places)


def scores(dataset: Dataset, results: Sequence[Setting]) -> Scores:
    """Lay the accuracies out over k, a line for each metric."""
    lines = []
    for metric in dict.fromkeys(each.metric for each in results):
        own = [each for each in results if each.metric == metric]
        lines.append(Line(metric, tuple(float(each.k) for each in own), tuple(map(_values, own))))
    return Scores("accuracy", f"{dataset.name}: accuracy of nearest neighbors", "k", tuple(lines))


def _values(setting: Setting) -> tuple[float, ...]:
    return setting.folds if isinstance(setting, CrossValidatedSetting) else (setting.accuracy,)
