"""What every training experiment begins with: data, split, preprocessing, network."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from cvtool.config import TrainConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.preprocessing_chain import check_augmentation, parse_chain
from cvtool.datasets.split import Split, split
from cvtool.errors import UsageError
from cvtool.experiments.reading import read
from cvtool.layers.base import Array, Shape
from cvtool.models.architectures import resolve
from cvtool.models.network import Network
from cvtool.records import Note, WorkRecord


@dataclass(frozen=True, eq=False)
class Preparation:
    """Everything a run needs before its first step."""

    dataset: Dataset
    split: Split
    preprocessing: Preprocessing
    network: Network

    def training_batches(self, config: TrainConfig) -> Batcher:
        """Batch the training images, augmented as the configuration says."""
        augmentation = Augmentation.parse(config.augment)
        return Batcher(self.split.train, self.preprocessing, augmentation, self.network.dtype)

    def validation_batches(self) -> Batcher:
        """Batch the images to choose on, as they are."""
        return Batcher(self.split.validation, self.preprocessing, None, self.network.dtype)


def prepare(
    config: TrainConfig, fitted: Mapping[str, Array] | None = None
) -> Generator[Note | WorkRecord, None, Preparation]:
    """Read and split the data, fit the preprocessing to the training part, build the network.

    Yields what there is to tell while images are read, and while statistics are made of them.

    Parameters
    ----------
    fitted
        Arrays of the preprocessing where it has been fitted before, to these images.

    Raises
    ------
    UsageError, DataError
        If choices contradict each other or the data, or the data cannot be read.
    """
    augmentation = Augmentation.parse(config.augment)
    check_augmentation(parse_chain(config.preprocess), augmentation)
    dataset = yield from read(config)
    if dataset.has_points and augmentation != Augmentation():
        raise UsageError(
            f"--augment changes pictures, and {dataset.name} has points in the plane: leave it out"
        )
    network = build(config, dataset.image_shape, len(dataset.classes))
    parts = split_as_configured(config, dataset)
    if fitted is not None:
        preprocessing = Preprocessing.from_arrays(config.preprocess, fitted)
    else:
        preprocessing = yield from Preprocessing.fitting(
            config.preprocess, parts.train, epsilon=config.whiten_epsilon
        )
    return Preparation(dataset, parts, preprocessing, network)


def build(config: TrainConfig, image_shape: Shape, classes: int) -> Network:
    """Build the network that the configuration describes for images of this shape."""
    formula = resolve(config, image_shape, classes)
    return Network(formula, image_shape, seed=config.seed, init=config.init, dtype=config.dtype)


def split_as_configured(config: TrainConfig, dataset: Dataset) -> Split:
    """Hold out the images that the configuration holds out, the same every time."""
    return split(dataset, val_fraction=config.val_fraction, limit=config.limit, seed=config.seed)
