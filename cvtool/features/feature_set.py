"""Features beside each other: what ``--features hog+color`` stands for."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.errors import UsageError
from cvtool.features.color import ColorHistogram
from cvtool.features.feature import Feature, Images, ImageShape, LearnedFeature
from cvtool.features.hog import OrientedGradients
from cvtool.features.levels import images_at_once
from cvtool.features.pixels import Pixels
from cvtool.features.request import parse, spell
from cvtool.features.words import VisualWords
from cvtool.records import Told

PIXELS = "pixels"
"""What images are seen by unless features are asked for."""


@dataclass(frozen=True, eq=False)
class FeatureSet:
    """Numbers of images: those of one feature after those of another.

    Parameters
    ----------
    features
        By what each is called in its normal form, as ``hog:signed=true``.
    """

    features: Mapping[str, Feature]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read words of ``FEATURES`` between plus signs, each with its choices behind a colon.

        Raises
        ------
        UsageError
            If a word or choice is unknown, a value is out of its bounds, or a feature stands
            there twice.
        """
        features: dict[str, Feature] = {}
        for asked in parse(text, FEATURES):
            feature = FEATURES[asked.word]
            choices = feature.declared.choose(f"the feature {asked.word}", asked.said)
            name = spell(asked.word, choices)
            if name in features:
                raise UsageError(f"--features '{text}' has {name} twice: drop one of them")
            features[name] = feature(choices)
        return cls(features)

    @property
    def text(self) -> str:
        """What ``parse`` reads as these features, with every choice not at its default."""
        return "+".join(self.features)

    @property
    def is_pixels(self) -> bool:
        """Whether images are seen as they are, by their pixels alone."""
        return self.text == PIXELS

    @property
    def learns(self) -> bool:
        """Whether anything is learned from training images."""
        return bool(self._learned)

    @property
    def _learned(self) -> dict[str, LearnedFeature]:
        return {
            name: feature
            for name, feature in self.features.items()
            if isinstance(feature, LearnedFeature)
        }

    def size(self, image_shape: ImageShape) -> int:
        """Count the numbers of one image of ``(height, width, channels)``.

        Raises
        ------
        UsageError
            If a feature makes no sense for such images.
        """
        return sum(feature.size(image_shape) for feature in self.features.values())

    def fitting(self, images: Images, *, seed: int) -> Generator[Told, None, Self]:
        """Learn what is to be learned, from nothing but the images given.

        Parameters
        ----------
        images
            Training images, such as a subset of a data set; at least one.
        seed
            Of the run.

        Yields
        ------
        What there is to tell on the way.

        Returns
        -------
        The features that can be written.

        Raises
        ------
        UsageError
            If a feature makes no sense for such images.
        """
        if self.learns:
            self.size(images.images_at(np.arange(1)).shape[1:])
        fitted: dict[str, Feature] = {}
        for name, feature in self._learned.items():
            fitted[name] = yield from feature.fitting(images, seed=seed)
        return type(self)({**self.features, **fitted})

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write the numbers of images, on all threads.

        The same bits come out for any number of threads, and whatever images stand beside each
        other.

        Parameters
        ----------
        images
            ``(n, height, width, channels)``: uint8, or floats from 0 to 1.
        out
            ``(n, size)`` float32 with contiguous rows.

        Raises
        ------
        UsageError
            If a feature makes no sense for such images.
        TypeError, ValueError
            If types or shapes do not fit.
        """
        image_shape = images.shape[1:]
        sizes = [feature.size(image_shape) for feature in self.features.values()]
        _check(images, out, sum(sizes))
        ends = np.cumsum(sizes)
        count = images_at_once(image_shape)
        for first in range(0, len(images), count):
            few = slice(first, first + count)
            for feature, size, end in zip(self.features.values(), sizes, ends, strict=True):
                feature.write(images[few], out[few, end - size : end])

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned, by the name of its feature and its own."""
        return {
            f"{name}/{own}": array
            for name, feature in self._learned.items()
            for own, array in feature.to_arrays().items()
        }

    @classmethod
    def from_arrays(cls, text: str, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild features from their text and what ``to_arrays`` gave."""
        named: dict[str, dict[str, NDArray[Any]]] = {}
        for path, array in arrays.items():
            name, _, own = path.rpartition("/")
            named.setdefault(name, {})[own] = array
        parsed = cls.parse(text)
        learned = {
            name: feature.with_arrays(named[name]) for name, feature in parsed._learned.items()
        }
        return cls({**parsed.features, **learned})


def _check(images: NDArray[Any], out: NDArray[np.float32], size: int) -> None:
    if images.dtype not in (np.uint8, np.float32, np.float64):
        raise TypeError(f"images are bytes, or floats from 0 to 1, not {images.dtype}")
    if out.dtype != np.float32:
        raise TypeError(f"features are written as float32, not {out.dtype}")
    if out.shape != (len(images), size):
        raise ValueError(f"{len(images)} images of {size} numbers do not fit {out.shape}")


FEATURES: Mapping[str, type[Feature]] = {
    PIXELS: Pixels,
    "color": ColorHistogram,
    "hog": OrientedGradients,
    "words": VisualWords,
}
