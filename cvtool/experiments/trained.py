"""A finished run, brought back to look at other images: the network with its best weights."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cvtool.config import LearnerConfig
from cvtool.datasets.batches import Batches
from cvtool.datasets.split import Subset
from cvtool.errors import DataError
from cvtool.experiments.preparation import batches, build, stored_preprocessing
from cvtool.experiments.recipes import RECIPES
from cvtool.experiments.view import View, seen_shape
from cvtool.kernels.threads import use_threads
from cvtool.models.network import Network
from cvtool.runs import RunFolder
from cvtool.training import checkpoint


@dataclass(frozen=True, eq=False)
class Trained:
    """A run's choices, its network as it was in its best epoch, and how it sees images.

    ``image_type`` is the type that pixels are stored in; None if the run does not say.
    """

    folder: RunFolder
    config: LearnerConfig
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    image_type: np.dtype[Any] | None
    network: Network
    view: View

    def batches(self, seen: Subset) -> Batches:
        """Batch what is seen of images as the network expects it."""
        return batches(self.network, self.view, seen)


def bring_back(run: str) -> Trained:
    """Load a run by name or path.

    Raises
    ------
    DataError
        If it is no run, is damaged, or has not finished an epoch.
    """
    folder = RunFolder.open(run)
    recipe = RECIPES[folder.check_command(RECIPES, "a network")]
    source = str(folder.path / "config.toml")
    config = recipe.config.from_dict(folder.read_config(), source=source)
    use_threads(config.threads)
    facts = folder.read_environment()
    try:
        classes, shape = tuple(facts["classes"]), tuple(facts["image_shape"])
        image_type = np.dtype(facts["image_type"]) if "image_type" in facts else None
    except (KeyError, TypeError):
        raise DataError(
            f"{folder.path / 'environment.json'} does not say what the images were: train again"
        ) from None
    best = checkpoint.load(folder.best_checkpoint)
    view = View.from_arrays(config, best.view, shape)
    stored = stored_preprocessing(config, view, np.float32 if image_type is None else image_type)
    network = build(config, seen_shape(view.features, shape), len(classes), stored)
    best.restore(network)
    return Trained(folder, config, classes, shape, image_type, network, view)
