"""How images are seen: as their pixels or as features of them, preprocessed.

Features are images of one pixel with a channel for every feature, so that whatever is done to
images, to standardize their channels or to batch them, is done to features as well.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cvtool.config import DataConfig
from cvtool.datasets.dataset import Dataset, Examples
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.datasets.split import Subset
from cvtool.errors import DataError
from cvtool.experiments.featured import featured, learned_features
from cvtool.features.feature_set import FeatureSet
from cvtool.layers.base import Array, Shape
from cvtool.records import Told

_LEARNED = "features/"


@dataclass(frozen=True, eq=False)
class View:
    """Features and preprocessing, both fitted to training images."""

    features: FeatureSet
    preprocessing: Preprocessing

    def seen(self, dataset: Dataset, subset: Subset) -> Generator[Told, None, Subset]:
        """Turn stored images into what is preprocessed: themselves, or their features."""
        return (yield from see(self.features, dataset, subset))

    def seen_at_once(self, examples: Examples) -> Examples:
        """Turn a few images of no data set into what is preprocessed."""
        if self.features.is_pixels:
            return examples
        size = self.features.size(examples.images.shape[1:])
        values = np.empty((len(examples), 1, 1, size), np.float32)
        self.features.write(examples.images, values[:, 0, 0])
        return Examples(values, examples.labels)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what has to be saved to see other images likewise."""
        learned = {_LEARNED + name: array for name, array in self.features.to_arrays().items()}
        return self.preprocessing.to_arrays() | learned

    @classmethod
    def from_arrays(
        cls, config: DataConfig, arrays: Mapping[str, Array], image_shape: tuple[int, int, int]
    ) -> Self:
        """Rebuild what ``to_arrays`` gave.

        Raises
        ------
        DataError
            If it was given by other choices, as those of a configuration that was changed since.
        """
        try:
            view = cls._rebuilt(config, arrays)
            shape = seen_shape(view.features, image_shape)
            for values in (view.preprocessing.mean, view.preprocessing.scale):
                np.broadcast_to(values, shape)
        except (KeyError, TypeError, ValueError):
            raise DataError(
                f"the checkpoint was not made with --features {config.features} and --preprocess "
                f"{config.preprocess}: use the run's own config.toml, or train anew"
            ) from None
        return view

    @classmethod
    def _rebuilt(cls, config: DataConfig, arrays: Mapping[str, Array]) -> Self:
        learned = {name: array for name, array in arrays.items() if name.startswith(_LEARNED)}
        rest = {name: array for name, array in arrays.items() if name not in learned}
        features = FeatureSet.from_arrays(
            config.features, {name.removeprefix(_LEARNED): learned[name] for name in learned}
        )
        return cls(features, Preprocessing.from_arrays(config.preprocess, rest))

    @classmethod
    def fitting(
        cls, config: DataConfig, dataset: Dataset, train: Subset, seed: int
    ) -> Generator[Told, None, Self]:
        """Learn from training images alone; yield what there is to tell on the way."""
        features = FeatureSet.parse(config.features)
        if features.learns:
            features = yield from learned_features(features, dataset, train, seed)
        seen = yield from see(features, dataset, train)
        preprocessing = yield from Preprocessing.fitting(
            config.preprocess, seen, epsilon=config.whiten_epsilon
        )
        return cls(features, preprocessing)


def see(features: FeatureSet, dataset: Dataset, subset: Subset) -> Generator[Told, None, Subset]:
    """Turn stored images into their features, unless pixels are all that is asked for."""
    if features.is_pixels:
        return subset
    return (yield from featured(features, dataset, subset))


def seen_shape(features: FeatureSet, image_shape: tuple[int, int, int]) -> Shape:
    """Return the shape of what is seen of an image.

    Raises
    ------
    UsageError
        If the features do not suit images of this shape.
    """
    return image_shape if features.is_pixels else (1, 1, features.size(image_shape))
