"""Hold part of the training images out, to choose on (notes §2.2).

The split is stratified, so that each class has its share on both sides, and seeded, so that the
same seed holds out the same images whatever else is chosen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.mapped import images_at_once
from cvtool.errors import DataError, UsageError
from cvtool.seeds import stream


@dataclass(frozen=True, eq=False)
class Subset:
    """Some of the examples, by their indices; nothing is copied before it is asked for."""

    examples: Examples
    indices: Indices

    def __len__(self) -> int:
        return len(self.indices)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """``(len,)`` int64."""
        return self.examples.labels[self.indices]

    def images_at(self, positions: Indices | slice) -> NDArray[Any]:
        """Copy the images at positions within the subset, as they are stored."""
        images, places = self.examples.pick(self.indices[positions])
        return np.asarray(images[places])

    def relabeled(self, labels: NDArray[np.int64]) -> "Subset":
        """Return the same images with other labels ``(len,)``."""
        changed = self.examples.labels.copy()
        changed[self.indices] = labels
        return Subset(replace(self.examples, labels=changed), self.indices)

    def in_chunks(self, at_most: int | None = None) -> Iterator[Indices]:
        """Yield the indices of a few megabytes of images after another, in their order.

        Parameters
        ----------
        at_most
            How many images to take together, however small they are.
        """
        images = self.examples.images
        count = images_at_once(images) if at_most is None else min(images_at_once(images), at_most)
        for start in range(0, len(self), count):
            yield self.indices[start : start + count]


@dataclass(frozen=True, eq=False)
class Split:
    """Images to learn from and images to choose on."""

    train: Subset
    validation: Subset


def whole(examples: Examples) -> Subset:
    """All examples that are not left out, in their order."""
    return Subset(examples, examples.kept)


def split(dataset: Dataset, *, val_fraction: float, limit: int | None, seed: int) -> Split:
    """Split the training part, or leave it whole where the data set brings validation images.

    Parameters
    ----------
    dataset
        Its test part is never touched.
    val_fraction
        Share to hold out, of each class. The number held out of a class is within one of the exact
        share, and a class of two or more images is on both sides.
    limit
        How many of the training images to use at all; classes keep their shares within one image.
    seed
        Which images those are.

    Raises
    ------
    DataError
        If there are fewer than two training images.
    UsageError
        If every class has one image, which leaves none to hold out.
    """
    count = len(dataset.train.kept)
    if count < 2:
        raise DataError(
            f"a data set needs at least 2 training images but {dataset.name} has {count}: add more"
        )
    classes = used_by_class(dataset, limit, seed)
    if dataset.validation is not None:
        return Split(_subset(dataset.train, classes), whole(dataset.validation))
    held_out = _held_out([len(indices) for indices in classes], val_fraction)
    if sum(held_out) == 0:
        raise UsageError(
            f"no image can be held out for validation because each class of {dataset.name} has at "
            f"most one{' within --limit' if limit else ''}: use more images"
        )
    pairs = list(zip(classes, held_out, strict=True))
    return Split(
        train=_subset(dataset.train, [indices[count:] for indices, count in pairs]),
        validation=_subset(dataset.train, [indices[:count] for indices, count in pairs]),
    )


def whole_training_part(dataset: Dataset, *, limit: int | None, seed: int) -> Subset:
    """Take the training images that ``split`` splits, all together and in their order."""
    return _subset(dataset.train, used_by_class(dataset, limit, seed))


def used_by_class(dataset: Dataset, limit: int | None, seed: int) -> list[Indices]:
    """Shuffle the indices of each class and take as many as its share of the limit.

    Returns
    -------
    list
        One array of training images for each class of the data set.
    """
    kept, random = dataset.train.kept, stream(seed, "split")
    labels = dataset.train.labels[kept]
    classes = [random.permutation(kept[labels == number]) for number in range(len(dataset.classes))]
    if limit is None or limit >= len(labels):
        return classes
    exact = np.array([len(indices) for indices in classes]) * (limit / len(labels))
    counts = apportion(exact, np.floor(exact), np.ceil(exact))
    return [indices[:count] for indices, count in zip(classes, counts, strict=True)]


def _held_out(sizes: Sequence[int], fraction: float) -> Sequence[int]:
    exact = np.array(sizes) * fraction
    most = np.maximum(np.array(sizes) - 1, 0)
    least = np.minimum(np.maximum(np.floor(exact), 1), most)
    return apportion(exact, least, np.maximum(np.minimum(np.ceil(exact), most), least))


def apportion(
    exact: NDArray[np.float64], least: NDArray[np.float64], most: NDArray[np.float64]
) -> Sequence[int]:
    """Round shares to whole numbers within bounds, so that they add up as nearly as they can.

    Method of the largest remainder: start from ``least`` and give one more to those furthest below
    their exact share, the first ones where several are.
    """
    counts = least.astype(np.int64)
    wanted = round(float(exact.sum())) - int(counts.sum())
    furthest = np.argsort(least - exact, kind="stable")
    furthest = furthest[least[furthest] < most[furthest]]
    counts[furthest[: max(wanted, 0)]] += 1
    return [int(count) for count in counts]


def _subset(examples: Examples, classes: Sequence[Indices]) -> Subset:
    return Subset(examples, np.sort(np.concatenate(classes)))
