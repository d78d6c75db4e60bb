"""Trained runs asked for the same images: which can be, and what they answer."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cvtool.config import flag
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.split import Subset
from cvtool.errors import DataError, UsageError
from cvtool.experiments.preparation import seed_of_split, split_as_configured, test_images
from cvtool.experiments.reading import read
from cvtool.experiments.recipes import RECIPES
from cvtool.experiments.trained import Known, bring_back, look_up
from cvtool.records import Told
from cvtool.runs import StoredRun
from cvtool.training.evaluation import Scored

SPLITTING = ("val_fraction", "limit")
"""The settings that, beside a seed, decide which images are held out."""


def known(run: StoredRun) -> Known:
    """Read what a run is that can be asked.

    Raises
    ------
    DataError
        If it cannot, or is damaged.
    """
    if run.command not in RECIPES:
        raise DataError(
            f"only runs of {' and '.join(RECIPES)} can be asked again image by image, and "
            f"{run.name} is of {run.command}"
        )
    return look_up(str(run.path))


@dataclass(frozen=True, eq=False)
class Answered:
    """What a run scores images, after which epoch, and whether its scores only rank classes."""

    scored: Scored
    epoch: int
    only_ranks: bool


class SameImages:
    """Shows runs the same images: each data set is read once, each network asked once.

    Parameters
    ----------
    test
        Show the test images, and not those that are held out for validation.
    """

    def __init__(self, *, test: bool = False) -> None:
        self._test = test
        self._datasets: dict[tuple[str, int | None, str | None], Dataset] = {}
        self._answers: dict[tuple[Path, Path | None], Answered] = {}

    def check(self, runs: Sequence[StoredRun]) -> Generator[Told, None, None]:
        """Refuse runs that cannot be shown the same images.

        Raises
        ------
        UsageError, DataError
            Saying why the first and another cannot.
        """
        found: list[Known] = []
        for run in runs:
            found.append(known(run))
            _check_data(runs[0], found[0], run, found[-1])
        held_out = []
        for run, each in zip(runs, found, strict=True):
            held_out.append((yield from self._images(each))[1].indices)
            if not np.array_equal(held_out[0], held_out[-1]):
                raise UsageError(_other_images(runs[0], found[0], run, each))

    def ask(self, run: StoredRun, saved: Path | None = None) -> Generator[Told, None, Answered]:
        """Let a run score the images, as it was in its best epoch or when it was ``saved``."""
        key = run.path, saved
        if key not in self._answers:
            trained = bring_back(str(run.path), saved)
            dataset, images = yield from self._images(trained)
            scored = yield from trained.scoring(dataset, images)
            self._answers[key] = Answered(scored, trained.epoch, trained.network.only_ranks)
        return self._answers[key]

    def _images(self, run: Known) -> Generator[Told, None, tuple[Dataset, Subset]]:
        """Return the images that are shown, and the data set they are of."""
        config = run.config
        key = config.dataset, config.image_size, config.exclude
        if key not in self._datasets:
            self._datasets[key] = yield from read(config)
        dataset = self._datasets[key]
        run.check_unchanged(dataset)
        if self._test:
            images = test_images(dataset, "leave --test out to see the validation images")
        else:
            images = split_as_configured(config, dataset).validation
        return dataset, images


def _check_data(first: StoredRun, one: Known, second: StoredRun, other: Known) -> None:
    """Hold two runs to the same images, labels and names of classes."""
    if first.value("data_checksum") != second.value("data_checksum"):
        raise UsageError(
            f"{first.name} and {second.name} learned from other images: "
            f"{one.config.dataset} and {other.config.dataset}"
        )
    if one.classes != other.classes:
        raise UsageError(
            f"{first.name} and {second.name} learned other classes: "
            f"{', '.join(one.classes)} and {', '.join(other.classes)}"
        )


def _other_images(first: StoredRun, one: Known, second: StoredRun, other: Known) -> str:
    """Name what two runs differ in that hold other images out, and what would mend it."""
    differing, mending = [], []
    seeds = seed_of_split(one.config), seed_of_split(other.config)
    if seeds[0] != seeds[1]:
        said = {one.config.split_seed, other.config.split_seed} != {None}
        differing.append("--split-seed" if said else "--seed")
        mending.append(f"--split-seed {seeds[0]}")
    for name in SPLITTING:
        wanted = getattr(one.config, name)
        if wanted != getattr(other.config, name):
            differing.append(flag(name))
            mending.append(f"no {flag(name)}" if wanted is None else f"{flag(name)} {wanted}")
    return (
        f"{first.name} and {second.name} hold other images out for validation: they differ in "
        f"{' and '.join(differing)}; train {second.name} anew with {' and '.join(mending)}"
    )
