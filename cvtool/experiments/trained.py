"""A network that has learned, and a finished run brought back: it with its best weights."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cvtool.config import LearnerConfig
from cvtool.datasets.batches import Batches
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.split import Subset, whole
from cvtool.errors import DataError
from cvtool.experiments.preparation import batches, build, stored_preprocessing
from cvtool.experiments.reading import read
from cvtool.experiments.recipes import RECIPES
from cvtool.experiments.view import View, seen_shape
from cvtool.kernels.threads import use_threads
from cvtool.models.network import Network
from cvtool.records import Told
from cvtool.runs import RunFolder
from cvtool.training import checkpoint
from cvtool.training.evaluation import Scored, score, scoring


@dataclass(frozen=True, eq=False, kw_only=True)
class Basis:
    """What a network is made for: its settings, its classes, and what its images are.

    ``image_type`` is the type of the stored pixels that it learns from, as ``uint8``.
    """

    config: LearnerConfig
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    image_type: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Classifier(Basis):
    """A network as it stands, and how it sees images."""

    network: Network
    view: View

    def batches(self, seen: Subset) -> Batches:
        """Batch what is seen of images as the network expects it."""
        return batches(self.network, self.view, seen)

    def scoring(self, dataset: Dataset, subset: Subset) -> Generator[Told, None, Scored]:
        """Score images of a data set, and tell how far that is."""
        batcher = self.batches((yield from self.view.seen(dataset, subset)))
        return (yield from scoring(self.network, batcher, self.config.batch_size))

    def score(self, images: NDArray[np.generic]) -> Scored:
        """Score a few images ``(n, height, width, channels)`` of no data set."""
        nobody_knows = np.zeros(len(images), np.int64)
        seen = self.view.seen_at_once(Examples(images, nobody_knows))
        return score(self.network, self.batches(whole(seen)), self.config.batch_size)


@dataclass(frozen=True, eq=False, kw_only=True)
class Known(Basis):
    """What is known of a run before its weights are read."""

    folder: RunFolder

    def check_unchanged(self, dataset: Dataset) -> None:
        """Refuse images that are others by now: the run may have learned from what is held out.

        Raises
        ------
        DataError
            If one was added, removed or changed.
        """
        if dataset.checksum != self.folder.read_environment().get("data_checksum"):
            raise DataError(
                f"{self.config.dataset} has changed since {self.folder.path} was trained: bring "
                f"the old images back, or train anew"
            )


@dataclass(frozen=True, eq=False, kw_only=True)
class Trained(Known, Classifier):
    """A run with its network as it was after an epoch."""

    epoch: int

    def dataset(self) -> Generator[Told, None, Dataset]:
        """Read the run's images again.

        Raises
        ------
        DataError
            If they cannot be read, or are others by now.
        """
        dataset = yield from read(self.config)
        if dataset.classes != self.classes or dataset.image_shape != self.image_shape:
            raise DataError(
                f"{self.config.dataset} has changed since {self.folder.path} was trained: its "
                "classes or the size of its images are others; bring the old images back, or train "
                "anew"
            )
        return dataset


def look_up(run: str) -> Known:
    """Read what a run is, by name or path, and leave its weights alone.

    Raises
    ------
    DataError
        If it is no run, or is damaged.
    """
    folder = RunFolder.open(run)
    recipe = RECIPES[folder.check_command(RECIPES, "a network")]
    source = str(folder.path / "config.toml")
    config = recipe.config.from_dict(folder.read_config(), source=source)
    facts = folder.read_environment()
    try:
        classes, shape = tuple(facts["classes"]), tuple(facts["image_shape"])
        image_type = str(facts["image_type"])
    except (KeyError, TypeError):
        raise DataError(
            f"{folder.path / 'environment.json'} does not say what the images were: train again"
        ) from None
    return Known(
        folder=folder,
        config=config,
        classes=classes,
        image_shape=shape,
        image_type=image_type,
    )


def bring_back(run: str, saved: Path | None = None) -> Trained:
    """Load a run by name or path.

    Parameters
    ----------
    run
        Its name or path.
    saved
        The checkpoint to take; that of its best epoch, where none is said.

    Raises
    ------
    DataError
        If it is no run, is damaged, or has not finished an epoch.
    """
    known = look_up(run)
    config, shape = known.config, known.image_shape
    use_threads(config.threads)
    loaded = checkpoint.load(saved or known.folder.best_checkpoint)
    view = View.from_arrays(config, loaded.view, shape)
    stored = stored_preprocessing(config, view, known.image_type)
    network = build(config, seen_shape(view.features, shape), len(known.classes), stored)
    loaded.restore(network)
    return Trained(**vars(known), network=network, view=view, epoch=loaded.progress.epoch - 1)
