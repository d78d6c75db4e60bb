"""``evaluate``: how a run does on validation images, or through the one door on the test set."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset
from cvtool.experiments.preparation import split_as_configured, test_images
from cvtool.experiments.trained import Classifier, Trained, bring_back
from cvtool.records import Evaluation, Note, Told, WorkRecord


def evaluate(run: str, *, test: bool) -> Iterator[Note | WorkRecord | Evaluation]:
    """Score the best weights of a run; the last record is the result.

    Parameters
    ----------
    run
        Name or path of a run.
    test
        Look at the test set, and write down in the run folder that it was looked at (§2.2); else
        look at the validation images again.

    Raises
    ------
    DataError
        If the run or its data cannot be read, the data have changed so that validation images may
        have been learned from, or there are no test images.
    """
    yield (yield from evaluating_run(bring_back(run), test=test))


def evaluating_run(trained: Trained, *, test: bool) -> Generator[Told, None, Evaluation]:
    """Read the images of a run and score them; see ``evaluate``."""
    dataset = yield from trained.dataset()
    if not test:
        trained.check_unchanged(dataset)
    seen = yield from evaluating(trained, dataset, test=test)
    opened = trained.folder.count_test_opening() if test else trained.folder.test_openings()
    return replace(seen, run=str(trained.folder.path), opened=opened)


def evaluating(
    classifier: Classifier, dataset: Dataset, *, test: bool
) -> Generator[Told, None, Evaluation]:
    """Score the test or the validation images of a data set, as of no run.

    Raises
    ------
    DataError
        If there are no test images.
    """
    if test:
        subset = test_images(dataset, "leave --test out to see the validation images")
    else:
        subset = split_as_configured(classifier.config, dataset).validation
    seen = yield from classifier.scoring(dataset, subset)
    name, classes = classifier.config.dataset, classifier.classes
    return evaluation(name, classes, seen.labels, seen.predictions, test=test, loss=seen.loss)


def evaluation(
    dataset: str,
    classes: Sequence[str],
    labels: NDArray[np.int64],
    predictions: NDArray[np.int64],
    *,
    test: bool,
    loss: float = nan,
) -> Evaluation:
    """Count how many predictions are right: of all images, and of each class."""
    right, count = labels == predictions, len(classes)
    found, there = (np.bincount(each, minlength=count) for each in (labels[right], labels))
    shares = found / np.maximum(there, 1)
    return Evaluation(
        run="",
        dataset=dataset,
        part="test" if test else "validation",
        images=len(labels),
        loss=loss,
        accuracy=float(right.mean()),
        class_accuracies=dict(zip(classes, map(float, shares), strict=True)),
        opened=0,
    )
