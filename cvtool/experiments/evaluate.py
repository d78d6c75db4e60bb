"""``evaluate``: how a run does on validation images, or through the one door on the test set."""

from collections.abc import Iterator

import numpy as np

from cvtool.experiments.preparation import split_as_configured, test_images
from cvtool.experiments.trained import bring_back
from cvtool.records import Evaluation, Note, WorkRecord
from cvtool.training.evaluation import scoring


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
        If the run or its data cannot be read, or there are no test images.
    """
    trained = bring_back(run)
    config = trained.config
    dataset = yield from trained.dataset()
    if test:
        subset = test_images(dataset, "leave --test out to see the validation images")
    else:
        subset = split_as_configured(config, dataset).validation
    batcher = trained.batches((yield from trained.view.seen(dataset, subset)))
    seen = yield from scoring(trained.network, batcher, config.batch_size)
    right = seen.confusion(len(trained.classes))
    shares = right.diagonal() / np.maximum(right.sum(axis=1), 1)
    opened = trained.folder.count_test_opening() if test else trained.folder.test_openings()
    yield Evaluation(
        run=str(trained.folder.path),
        dataset=config.dataset,
        part="test" if test else "validation",
        images=len(seen.labels),
        loss=seen.loss,
        accuracy=seen.accuracy,
        class_accuracies=dict(zip(trained.classes, map(float, shares), strict=True)),
        opened=opened,
    )
