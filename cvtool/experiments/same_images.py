"""Runs asked again for the images they were chosen on, where these are the same images."""

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from cvtool.config import LearnerConfig, flag
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.split import Subset
from cvtool.diagnostics.paired_runs import compare_pair, not_comparable
from cvtool.errors import CvtoolError
from cvtool.experiments.preparation import split_as_configured
from cvtool.experiments.reading import read
from cvtool.experiments.recipes import RECIPES
from cvtool.experiments.trained import Trained, bring_back
from cvtool.records import PairCompared, Told
from cvtool.runs import StoredRun

SPLITTING = ("seed", "val_fraction", "limit")
"""The settings that decide which images are held out."""


class _NotComparableError(Exception):
    """Two runs cannot be shown the same images; the message says why."""


class _Asked:
    """The answers of runs, each asked for once, and the data sets, each read once."""

    def __init__(self) -> None:
        self._datasets: dict[tuple[str, int | None, str | None], Dataset] = {}
        self._right: dict[str, NDArray[np.bool_]] = {}

    def dataset(self, config: LearnerConfig) -> Generator[Told, None, Dataset]:
        key = config.dataset, config.image_size, config.exclude
        if key not in self._datasets:
            self._datasets[key] = yield from read(config)
        return self._datasets[key]

    def right(
        self, trained: Trained, dataset: Dataset, images: Subset
    ) -> Generator[Told, None, NDArray[np.bool_]]:
        """Return on which of the images a run is right."""
        key = str(trained.folder.path)
        if key not in self._right:
            seen = yield from trained.scoring(dataset, images)
            self._right[key] = np.asarray(seen.predictions == seen.labels)
        return self._right[key]


def pairs_on_same_images(
    runs: Sequence[StoredRun],
) -> Generator[Told, None, list[PairCompared]]:
    """Hold each of the other runs against the first, or say why that cannot be."""
    asked, pairs = _Asked(), []
    first = runs[0]
    for second in runs[1:]:
        names = first.name, second.name
        try:
            answers = yield from _answers(first, second, asked)
            pairs.append(compare_pair(*names, *answers))
        except (_NotComparableError, CvtoolError) as error:
            pairs.append(not_comparable(*names, str(error)))
    return pairs


def _answers(
    first: StoredRun, second: StoredRun, asked: _Asked
) -> Generator[Told, None, list[NDArray[np.bool_]]]:
    for run in (first, second):
        if run.command not in RECIPES:
            raise _NotComparableError(
                f"only runs of {' and '.join(RECIPES)} can be asked again image by image, and "
                f"{run.name} is of {run.command}"
            )
    if first.value("data_checksum") != second.value("data_checksum"):
        raise _NotComparableError(f"{first.name} and {second.name} learned from other images")
    brought = [bring_back(str(run.path)) for run in (first, second)]
    seen = []
    for trained in brought:
        dataset = yield from asked.dataset(trained.config)
        if dataset.checksum != first.value("data_checksum"):
            raise _NotComparableError(
                f"{trained.config.dataset} has changed since {trained.folder.path} was trained"
            )
        seen.append((trained, dataset, split_as_configured(trained.config, dataset).validation))
    if not np.array_equal(seen[0][2].indices, seen[1][2].indices):
        raise _NotComparableError(_other_images(first, second))
    answers = []
    for trained, dataset, images in seen:
        answers.append((yield from asked.right(trained, dataset, images)))
    return answers


def _other_images(first: StoredRun, second: StoredRun) -> str:
    differing = [name for name in SPLITTING if first.config.get(name) != second.config.get(name)]
    return (
        f"{first.name} and {second.name} hold other images out for validation: they differ in "
        f"{' and '.join(map(flag, differing))}"
    )
