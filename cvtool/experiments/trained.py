"""A finished run, brought back to look at other images: the network with its best weights."""

from dataclasses import dataclass
from pathlib import Path

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
class Known:
    """What is known of a run before its weights are read: its choices, and what the images were."""

    folder: RunFolder
    config: LearnerConfig
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    image_type: str


@dataclass(frozen=True, eq=False)
class Trained(Known):
    """A run with its network as it was after an epoch, and how it sees images."""

    network: Network
    view: View
    epoch: int

    def batches(self, seen: Subset) -> Batches:
        """Batch what is seen of images as the network expects it."""
        return batches(self.network, self.view, seen)


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
    except (KeyError, TypeError):
        raise DataError(
            f"{folder.path / 'environment.json'} does not say what the images were: train again"
        ) from None
    return Known(folder, config, classes, shape, facts.get("image_type", "float32"))


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
