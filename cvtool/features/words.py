"""Bag of visual words: small crops of many images, clustered; how often each appears (notes §3.4).

Coates, Lee and Ng, "An analysis of single-layer networks in unsupervised feature learning", AISTATS
2011. The vocabulary is learned from patches of training images alone, without their labels.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cvtool.config import Choices, option
from cvtool.errors import UsageError
from cvtool.features.clustering import cluster
from cvtool.features.feature import (
    Images,
    ImageShape,
    LearnedFeature,
    refuse_points,
)
from cvtool.features.levels import levels
from cvtool.features.patches import random_patches, whitened, whitening
from cvtool.kernels.visual_words import Patches, Vocabulary, count_words, fold
from cvtool.kernels.windows import positions
from cvtool.records import Told

CODINGS = ("triangle", "hard")


@dataclass(frozen=True, kw_only=True)
class WordsChoices(Choices):
    """The vocabulary, how it is learned, and how patches are coded and added up."""

    words: int = option(800, "words in the vocabulary", low=2, high=20_000)
    patch: int = option(6, "pixels along a side of a patch", low=2, high=16)
    stride: int = option(1, "pixels from one patch to the next", low=1, high=64)
    cells: int = option(2, "cells along a side of an image to add up in", low=1, high=16)
    coding: str = option("triangle", "what a patch adds to words", choices=CODINGS)
    patches: int = option(100_000, "random patches to learn from", low=2, high=2_000_000)
    passes: int = option(10, "passes of k-means over them", low=0, high=1000)
    epsilon: float = option(0.1, "added to variances before whitening", above=0)

    def __post_init__(self) -> None:
        """Hold every choice to its bounds, and words to the number of patches.

        Raises
        ------
        UsageError
            Naming the choice, its rule, the value given and what would do.
        """
        super().__post_init__()
        if self.words > self.patches:
            raise UsageError(
                f"'patches=' takes at least as many patches as there are words, {self.words}, "
                f"not {self.patches}: choose more patches or fewer words"
            )


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned from patches.

    Parameters
    ----------
    mean
        ``(numbers of a patch,)`` of normalized patches.
    whitening
        Symmetric matrix for what is left of them without the mean.
    words
        ``(words, numbers of a patch)``, whitened.
    """

    mean: NDArray[np.float32]
    whitening: NDArray[np.float32]
    words: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class VisualWords(LearnedFeature):
    """How often, or how much, patches of an image are like each word, cell by cell."""

    choices: WordsChoices
    learned: Learned | None = None
    vocabulary: Vocabulary | None = None

    declared = WordsChoices

    def size(self, image_shape: ImageShape) -> int:
        """Count cells times words; refuse images with fewer patches a side than cells."""
        refuse_points("words", image_shape)
        height, width, _ = image_shape
        chosen = self.choices
        if positions(min(height, width), chosen.patch, chosen.stride, 0) < chosen.cells:
            needed = chosen.patch + chosen.stride * (chosen.cells - 1)
            raise UsageError(
                f"words with patch={chosen.patch}, stride={chosen.stride} and "
                f"cells={chosen.cells} needs images of at least {needed}×{needed} but gets "
                f"{height}×{width}: choose a smaller patch or fewer cells"
            )
        return chosen.cells**2 * chosen.words

    def fitting(self, images: Images, *, seed: int) -> Generator[Told, None, Self]:
        """Cut random patches, whiten them, and cluster what that leaves."""
        chosen = self.choices
        patches = yield from random_patches(
            images, count=chosen.patches, side=chosen.patch, seed=seed
        )
        mean, matrix = whitening(patches, epsilon=chosen.epsilon)
        white = whitened(patches, mean, matrix)
        # Patches are in random order: the first ones are as good a start as any.
        words = yield from cluster(white, white[: chosen.words].copy(), passes=chosen.passes)
        return self._knowing(Learned(mean, matrix, words))

    def write(self, images: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Write cell after cell, row by row, a number for each word."""
        if self.vocabulary is None:
            raise RuntimeError("visual words are written after they have been learned")
        patches = Patches(self.choices.patch, self.choices.stride, self.choices.cells)
        count_words(levels(images), self.vocabulary, patches, out)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return mean, whitening and words, once they have been learned."""
        return vars(self.learned).copy() if self.learned else {}

    def with_arrays(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the feature that knows mean, whitening and words."""
        return self._knowing(Learned(**arrays))

    def _knowing(self, learned: Learned) -> Self:
        distances = self.choices.coding == "triangle"
        vocabulary = fold(learned.mean, learned.whitening, learned.words, distances=distances)
        return replace(self, learned=learned, vocabulary=vocabulary)
