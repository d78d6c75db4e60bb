"""A finished run, brought back to look at other images: the network with its best weights."""

from collections.abc import Generator
from dataclasses import dataclass

from cvtool.config import LearnerConfig
from cvtool.datasets.batches import Batches
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.split import Subset
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


@dataclass(frozen=True, eq=False)
class Trained:
    """A run's choices, its network as it was in its best epoch, and how it sees images."""

    folder: RunFolder
    config: LearnerConfig
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    network: Network
    view: View

    def batches(self, seen: Subset) -> Batches:
        """Batch what is seen of images as the network expects it."""
        return batches(self.network, self.view, seen)

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
    except (KeyError, TypeError):
        raise DataError(
            f"{folder.path / 'environment.json'} does not say what the images were: train again"
        ) from None
    best = checkpoint.load(folder.best_checkpoint)
    view = View.from_arrays(config, best.view, shape)
    stored = stored_preprocessing(config, view, facts.get("image_type", "float32"))
    network = build(config, seen_shape(view.features, shape), len(classes), stored)
    best.restore(network)
    return Trained(folder, config, classes, shape, network, view)
