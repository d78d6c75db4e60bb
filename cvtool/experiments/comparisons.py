"""Which images are compared with which, and how both are seen: once, or once for each fold."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from cvtool.config import KnnConfig
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.folds import cut_into_folds
from cvtool.datasets.preprocessing_chain import check_size, parse_chain
from cvtool.datasets.rows import Rows
from cvtool.datasets.split import Subset, whole_training_part
from cvtool.errors import UsageError
from cvtool.experiments.preparation import seed_of_split, split_as_configured, test_images
from cvtool.experiments.view import View, see, seen_shape
from cvtool.features.feature_set import PIXELS, FeatureSet
from cvtool.records import Told


@dataclass(frozen=True, eq=False)
class Comparison:
    """Stored images to classify, and stored training images to compare them with."""

    queries: Subset
    train: Subset


@dataclass(frozen=True, eq=False)
class Seen:
    """Both sides of a comparison through a view that was fitted to its training images."""

    queries: Rows
    train: Rows
    view: View


def compare(config: KnnConfig, dataset: Dataset) -> list[Comparison]:
    """Say what is compared: one comparison, or one for each fold.

    For ``--split val`` these are the images held out of the training part, or those that the data
    set brings to choose on, against the rest. Where the test images are asked about, all choices
    are made, and they are compared with the training part as a whole, which has once more what was
    held out of it. Folds are cut of the training part as a whole.

    Raises
    ------
    UsageError, DataError
        If there are no such images, or fewer training images than neighbors.
    """
    comparisons = _compare(config, dataset)
    fewest, most = min(len(each.train) for each in comparisons), config.ks[-1]
    if most > fewest:
        raise UsageError(
            f"--k {most} asks for more neighbors than the {fewest:,} training images that "
            f"{dataset.name} has for this: take at most {fewest}"
        )
    features = FeatureSet.parse(config.features)
    height, width, channels = seen_shape(features, dataset.image_shape)
    check_size(parse_chain(config.preprocess), (height, width, channels))
    return comparisons


def _compare(config: KnnConfig, dataset: Dataset) -> list[Comparison]:
    seed = seed_of_split(config)
    if config.folds is not None:
        cut = cut_into_folds(dataset, config.folds, limit=config.limit, seed=seed)
        return [Comparison(each.validation, each.train) for each in cut]
    if config.split == "test":
        everything = whole_training_part(dataset, limit=config.limit, seed=seed)
        asked = test_images(dataset, "take --split val to see images held out")
        return [Comparison(asked, everything)]
    parts = split_as_configured(config, dataset)
    return [Comparison(parts.validation, parts.train)]


def looking(
    config: KnnConfig, dataset: Dataset, comparisons: list[Comparison]
) -> Iterator[Told | Seen]:
    """See one comparison after another, each through a view fitted to its training images alone.

    Yields
    ------
    What there is to tell on the way, and the comparisons as they are seen.
    """
    if config.folds is not None and not FeatureSet.parse(config.features).learns:
        config, dataset, comparisons = yield from _featured_once(config, dataset, comparisons)
    for each in comparisons:
        view = yield from View.fitting(config, dataset, each.train, config.seed)
        train = yield from view.seen(dataset, each.train)
        queries = yield from view.seen(dataset, each.queries)
        fitted = view.preprocessing
        yield Seen(Rows.of(queries, fitted), Rows.of(train, fitted), view)


def _featured_once(
    config: KnnConfig, dataset: Dataset, comparisons: list[Comparison]
) -> Generator[Told, None, tuple[KnnConfig, Dataset, list[Comparison]]]:
    """Compute features that learn nothing for all folds together: they are the same in each."""
    features = FeatureSet.parse(config.features)
    if features.is_pixels:
        return config, dataset, comparisons
    both = comparisons[0].train.indices, comparisons[0].queries.indices
    used = Subset(dataset.train, np.sort(np.concatenate(both)))
    seen = yield from see(features, dataset, used)

    def among(subset: Subset) -> Subset:
        return Subset(seen.examples, np.searchsorted(used.indices, subset.indices))

    renamed = [Comparison(among(each.queries), among(each.train)) for each in comparisons]
    return replace(config, features=PIXELS), replace(dataset, train=seen.examples), renamed
