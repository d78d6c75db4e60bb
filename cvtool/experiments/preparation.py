"""What every training experiment begins with: data, split, preprocessing, network."""

from collections.abc import Callable
from dataclasses import dataclass

from cvtool.config import TrainConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.opening import open_dataset
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Split, split
from cvtool.models.architectures import resolve
from cvtool.models.network import Network

Decoding = Callable[[int, int], None]


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


def prepare(config: TrainConfig, decoding: Decoding | None = None) -> Preparation:
    """Read and split the data, fit the preprocessing to the training part, build the network.

    Raises
    ------
    UsageError, DataError
        If choices contradict each other or the data, or the data cannot be read.
    """
    Augmentation.parse(config.augment)
    dataset = open_dataset(config.dataset, image_size=config.image_size, progress=decoding)
    network = build(config, dataset)
    parts = split(dataset, val_fraction=config.val_fraction, limit=config.limit, seed=config.seed)
    return Preparation(dataset, parts, Preprocessing.fit(config.preprocess, parts.train), network)


def build(config: TrainConfig, dataset: Dataset) -> Network:
    """Build the network that the configuration describes for these images."""
    formula = resolve(config, dataset.image_shape, len(dataset.classes))
    return Network(
        formula, dataset.image_shape, seed=config.seed, init=config.init, dtype=config.dtype
    )
