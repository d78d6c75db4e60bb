"""What every training experiment begins with: data, split, view, network."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import DTypeLike

from cvtool.config import ClassifierConfig, LearnerConfig, NetworkConfig
from cvtool.datasets.augmentation import Augmentation
from cvtool.datasets.batches import Batcher, Batches
from cvtool.datasets.dataset import Dataset
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.preprocessing_chain import check_augmentation, check_size, parse_chain
from cvtool.datasets.split import Split, Subset, split, whole
from cvtool.datasets.stored_batches import StoredBatcher
from cvtool.errors import DataError, UsageError
from cvtool.experiments.reading import read
from cvtool.experiments.view import View, seen_shape
from cvtool.features.feature_set import FeatureSet
from cvtool.layers.base import Array, Shape
from cvtool.layers.scaled_pixels import ScaledPixels
from cvtool.losses.svm import MARGIN
from cvtool.models.architectures import resolve
from cvtool.models.network import Network
from cvtool.records import Told
from cvtool.training.loop import Learner
from cvtool.training.optimizers import optimizer_of
from cvtool.training.progress import Progress


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

    def training_batches(self, config: LearnerConfig) -> Batches:
        """Batch the training images, augmented as the configuration says."""
        augmentation = Augmentation.parse(config.augment)
        return batches(self.network, self.view, self.seen.train, augmentation)

    def validation_batches(self) -> Batches:
        """Batch the images to choose on, as they are."""
        return batches(self.network, self.view, self.seen.validation)

    def learner(self, config: LearnerConfig, progress: Progress) -> Learner:
        """Put together all that learns, to begin or go on where ``progress`` says."""
        return Learner(
            self.network,
            optimizer_of(config),
            self.training_batches(config),
            self.validation_batches(),
            config,
            progress,
        )

    def anew(self, config: LearnerConfig) -> Self:
        """Return the same with a network as it is before the first step."""
        stored = stored_preprocessing(config, self.view, self.dataset.train.images.dtype)
        return replace(self, network=first_network(config, self.dataset, stored))


def batches(
    network: Network, view: View, seen: Subset, augmentation: Augmentation | None = None
) -> Batches:
    """Batch what is seen of images as the network expects it."""
    if network.reads_stored_pixels:
        return StoredBatcher(seen)
    return Batcher(seen, view.preprocessing, augmentation, network.dtype)


def prepare(
    config: LearnerConfig, fitted: Mapping[str, Array] | None = None
) -> Generator[Told, None, Preparation]:
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
    check_choices(config)
    dataset = yield from read(config)
    return (yield from prepare_for(dataset, config, fitted))


def check_choices(config: LearnerConfig) -> None:
    """Refuse what contradicts itself whatever the images are.

    Raises
    ------
    UsageError
        If pixels are to be changed where none are left, or a word is unknown.
    """
    augmentation, features = Augmentation.parse(config.augment), FeatureSet.parse(config.features)
    check_augmentation(parse_chain(config.preprocess), augmentation)
    if not features.is_pixels and augmentation != Augmentation():
        raise UsageError(
            f"--augment changes pixels, and --features {config.features} are computed once, before "
            f"that: leave one of them out"
        )


def first_network(
    config: LearnerConfig, dataset: Dataset, stored: Preprocessing | None = None
) -> Network:
    """Build the network for the images of a data set, or say what does not fit; see ``build``.

    Raises
    ------
    UsageError
        If the choices contradict each other or the images.
    """
    check_choices(config)
    if dataset.has_points and Augmentation.parse(config.augment) != Augmentation():
        raise UsageError(
            f"--augment changes pictures, and {dataset.name} has points in the plane: leave it out"
        )
    shape = seen_shape(FeatureSet.parse(config.features), dataset.image_shape)
    check_size(parse_chain(config.preprocess), (shape[0], shape[1], shape[2]))
    return build(config, shape, len(dataset.classes), stored)


def prepare_for(
    dataset: Dataset, config: LearnerConfig, fitted: Mapping[str, Array] | None = None
) -> Generator[Told, None, Preparation]:
    """Do what ``prepare`` does where the images have been read."""
    network = first_network(config, dataset)  # or says what does not fit, at once
    parts = split_as_configured(config, dataset)
    if fitted is not None:
        view = View.from_arrays(config, fitted, dataset.image_shape)
    else:
        view = yield from View.fitting(config, dataset, parts.train, config.seed)
    seen = Split(
        train=(yield from view.seen(dataset, parts.train)),
        validation=(yield from view.seen(dataset, parts.validation)),
    )
    stored = stored_preprocessing(config, view, dataset.train.images.dtype)
    if stored is not None:
        network = first_network(config, dataset, stored)
    return Preparation(dataset, parts, view, seen, network)


def build(
    config: LearnerConfig, seen_shape: Shape, classes: int, stored: Preprocessing | None = None
) -> Network:
    """Build the network that the configuration describes for what is seen of an image.

    ``stored`` is a preprocessing that the one matrix of a linear classifier does on its own.
    """
    assert isinstance(config, NetworkConfig | ClassifierConfig)
    formula = resolve(config, seen_shape, classes)
    if stored is not None:
        formula = replace(formula, layers=[ScaledPixels(classes, stored.mean, stored.scale)])
    return Network(
        formula,
        seen_shape,
        seed=config.seed,
        init=config.init,
        dtype=config.dtype,
        margin=config.margin if isinstance(config, ClassifierConfig) else MARGIN,
    )


def stored_preprocessing(
    config: LearnerConfig, view: View, image_type: DTypeLike
) -> Preprocessing | None:
    """Return what can be done to bytes inside the product of a linear classifier, if anything."""
    is_plain = view.features.is_pixels and view.preprocessing.whitening is None
    is_linear = isinstance(config, ClassifierConfig) and config.augment == "none"
    return (
        view.preprocessing if is_plain and is_linear and np.dtype(image_type) == np.uint8 else None
    )


class Splitting(Protocol):
    """A configuration that says which images are held out."""

    @property
    def val_fraction(self) -> float: ...
    @property
    def split_seed(self) -> int | None: ...
    @property
    def limit(self) -> int | None: ...
    @property
    def seed(self) -> int: ...


def test_images(dataset: Dataset, instead: str) -> Subset:
    """Take the test images; ``instead`` says what to do where there are none.

    Raises
    ------
    DataError
        If there are none.
    """
    if dataset.test is None or not len(dataset.test.kept):
        raise DataError(f"{dataset.name} has no test images: {instead}")
    return whole(dataset.test)


def seed_of_split(config: Splitting) -> int:
    """Say by which seed images are used and held out: that of the run unless another is said."""
    return config.seed if config.split_seed is None else config.split_seed


def split_as_configured(config: Splitting, dataset: Dataset) -> Split:
    """Hold out the images that the configuration holds out, the same every time."""
    return split(
        dataset,
        val_fraction=config.val_fraction,
        limit=config.limit,
        seed=seed_of_split(config),
    )
