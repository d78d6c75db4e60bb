"""Cut the training images into folds, each of which is once held out (notes §2.2)."""

import numpy as np

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.split import Split, Subset, used_by_class
from cvtool.errors import UsageError


def cut_into_folds(dataset: Dataset, count: int, *, limit: int | None, seed: int) -> list[Split]:
    """Split the training part ``count`` times, so that each image is held out exactly once.

    The images of each class are dealt out in turn, one class after another: folds differ by at most
    one image, as a whole and in each class. Images that the data set brings to choose on are left
    alone, as its test part is.

    Parameters
    ----------
    dataset
        Its test and validation parts are never touched.
    count
        Number of folds, at least 2.
    limit, seed
        As those of ``split``: how many training images to use, and which.

    Raises
    ------
    UsageError
        If there are fewer images than folds.
    """
    order = np.concatenate(used_by_class(dataset, limit, seed))
    if len(order) < count:
        raise UsageError(
            f"--folds {count} needs at least {count} images but {dataset.name} has {len(order)} to "
            f"train on{' within --limit' if limit else ''}: take fewer folds"
        )
    fold = np.arange(len(order)) % count
    parts = [(order[fold != number], order[fold == number]) for number in range(count)]
    return [
        Split(
            Subset(dataset.train, np.sort(learned_from)), Subset(dataset.train, np.sort(held_out))
        )
        for learned_from, held_out in parts
    ]
