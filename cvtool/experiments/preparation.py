"""What every training experiment begins with: data, split, view, network."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Protocol

from cvtool.config import ClassifierConfig, LearnerConfig, NetworkConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing_chain import check_augmentation, parse_chain
from cvtool.datasets.split import Split, split
from cvtool.errors import UsageError
from cvtool.experiments.reading import read
from cvtool.experiments.view import PIXELS, View, seen_shape
from cvtool.features.feature_set import FeatureSet
from cvtool.layers.base import Array, Shape
from cvtool.losses.svm import MARGIN
from cvtool.models.architectures import resolve
from cvtool.models.network import Network
from cvtool.records import Note, WorkRecord


@dataclass(frozen=True, eq=False)
class Preparation:
    """Everything a run needs before its first step.

    ``split`` is of the images as they are stored, ``seen`` of what is preprocessed for the network:
    the same, or features of them.
    """

    dataset: Dataset
    split: Split
    view: View
    seen: Split
    network: Network

    def training_batches(self, config: LearnerConfig) -> Batcher:
        """Batch the training images, augmented as the configuration says."""
        augmentation = Augmentation.parse(config.augment)
        return Batcher(self.seen.train, self.view.preprocessing, augmentation, self.network.dtype)

    def validation_batches(self) -> Batcher:
        """Batch the images to choose on, as they are."""
        return Batcher(self.seen.validation, self.view.preprocessing, None, self.network.dtype)

    def new_network(self, config: LearnerConfig) -> Network:
        """Build the network anew, as it is before the first step."""
        return build(config, self.network.input_shape, len(self.dataset.classes))


def prepare(
    config: LearnerConfig, fitted: Mapping[str, Array] | None = None
) -> Generator[Note | WorkRecord, None, Preparation]:
    """Read and split the data, fit the view to the training part, build the network.

    Yields what there is to tell while images are read, and while statistics are made of them.

    Parameters
    ----------
    fitted
        Arrays of the view where it has been fitted before, to these images.

    Raises
    ------
    UsageError, DataError
        If choices contradict each other or the data, or the data cannot be read.
    """
    augmentation, features = Augmentation.parse(config.augment), FeatureSet.parse(config.features)
    check_augmentation(parse_chain(config.preprocess), augmentation)
    if features.text != PIXELS and augmentation != Augmentation():
        raise UsageError(
            f"--augment changes pixels, and --features {config.features} are computed once, before "
            f"that: leave one of them out"
        )
    dataset = yield from read(config)
    if dataset.has_points and augmentation != Augmentation():
        raise UsageError(
            f"--augment changes pictures, and {dataset.name} has points in the plane: leave it out"
        )
    shape = seen_shape(features, dataset.image_shape)
    network = build(config, shape, len(dataset.classes))
    parts = split_as_configured(config, dataset)
    if fitted is not None:
        view = View.from_arrays(config, fitted)
    else:
        view = yield from View.fitting(config, dataset, parts.train, config.seed)
    seen = Split(
        train=(yield from view.seen(dataset, parts.train)),
        validation=(yield from view.seen(dataset, parts.validation)),
    )
    return Preparation(dataset, parts, view, seen, network)


def build(config: LearnerConfig, seen_shape: Shape, classes: int) -> Network:
    """Build the network that the configuration describes for what is seen of an image."""
    assert isinstance(config, NetworkConfig | ClassifierConfig)
    return Network(
        resolve(config, seen_shape, classes),
        seen_shape,
        seed=config.seed,
        init=config.init,
        dtype=config.dtype,
        margin=config.margin if isinstance(config, ClassifierConfig) else MARGIN,
    )


class Splitting(Protocol):
    """A configuration that says which images are held out."""

    @property
    def val_fraction(self) -> float: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def seed(self) -> int: ...


def split_as_configured(config: Splitting, dataset: Dataset) -> Split:
    """Hold out the images that the configuration holds out, the same every time."""
    return split(dataset, val_fraction=config.val_fraction, limit=config.limit, seed=config.seed)
