"""What distances between pixels see, and what not: the weaknesses that the notes list (§2.1).

An image that is moved, darkened or partly covered still shows the same thing, yet may be farther
from itself than from an image of something else. A checkerboard shows the same thing as its
negative, and nothing is farther from it. And who learns nothing pays at each prediction.
"""

from collections.abc import Generator

from cvtool.datasets.dataset import Dataset, Indices
from cvtool.diagnostics.explained_gallery import explained_gallery
from cvtool.diagnostics.image_changes import Images
from cvtool.diagnostics.image_comparison import compare, rows_of
from cvtool.diagnostics.prediction_time import growth, summed_up, time_chart, time_predictions
from cvtool.errors import UsageError
from cvtool.records import Explanation, Gallery, Scores, WorkRecord

Told = WorkRecord | Gallery | Scores


def check_pixels(dataset: Dataset) -> None:
    """Refuse what has no pixels to change.

    Raises
    ------
    UsageError
        If the data set holds points in the plane.
    """
    if dataset.has_points:
        raise UsageError(
            f"--explain changes the pixels of images, and {dataset.name} holds points in the "
            f"plane: leave it out, or choose a data set of images"
        )


def explain(
    images: Images, labels: Indices, classes: tuple[str, ...], *, metric: str, seed: int
) -> Generator[Told, None, Explanation]:
    """Measure what distances between the pixels of these images see and do not see (notes §2.1).

    Parameters
    ----------
    images
        ``(n, h, w, c)``, two or more training images, uint8 or floats in [0, 1]. A sample of them
        is compared; all of them are searched for predictions that are timed.
    labels
        ``(n,)``.
    classes
        Their names.
    metric
        ``l1``, ``l2`` or ``cosine``.
    seed
        Which images the sample holds.

    Returns
    -------
    Explanation
        The numbers, among them times, which differ from run to run. On the way there are yielded
        a Gallery ``explained`` and Scores ``prediction-time``.
    """
    comparison = yield from compare(images, labels, metric=metric, seed=seed)
    yield explained_gallery(comparison, images, labels, classes)
    seconds = yield from time_predictions(
        rows_of(comparison.queries), rows_of(images), metric=metric
    )
    yield time_chart(seconds, metric)
    return Explanation(
        metric=metric,
        queries=len(comparison.queries),
        images=comparison.images,
        nearest_distance=float(comparison.nearest.distances.mean()),
        another_class_distance=float(comparison.another_class.distances.mean()),
        changes=comparison.changes(),
        checkerboard=comparison.checkerboard,
        prediction_times=summed_up(seconds),
        growth=growth(seconds),
    )
