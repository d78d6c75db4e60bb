"""A linear classifier compares an image with one template a class: its weights (notes §2.3)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import around_gray, as_bytes
from cvtool.records import Gallery, Picture

_IN_A_ROW = 10
_MOST = 100


def templates(
    weights: NDArray[np.floating[Any]],
    image_shape: tuple[int, int, int],
    class_means: NDArray[np.floating[Any]],
    classes: tuple[str, ...],
) -> tuple[Gallery, tuple[float, ...]]:
    """Compare what was learned of each class with what its images are on average.

    The notes call a template essentially the mean of its class. Scores only tell classes apart, so
    it is compared with what sets that mean off: its difference from the mean of all classes.

    Parameters
    ----------
    weights
        ``(inputs, classes)``, one input for each value of a pixel.
    image_shape
        ``(height, width, channels)``.
    class_means
        ``(classes, height, width, channels)`` of the training images, in [0, 1].
    classes
        Their names.

    Returns
    -------
    Gallery
        ``templates``: for the first hundred classes, their weights and the difference of their
        mean from that of all, both around gray, and the mean itself.
    tuple of float
        Pearson's correlation of the two for each class; zero where it is not defined, because one
        of them is constant or a run diverged.
    """
    learned = np.nan_to_num(weights.T, posinf=0, neginf=0).reshape(-1, *image_shape)
    special = class_means - class_means.mean(axis=0)
    correlations = tuple(map(_correlation, learned, special))
    rows: list[tuple[str, tuple[Picture, ...]]] = []
    for start in range(0, min(len(classes), _MOST), _IN_A_ROW):
        part = range(start, min(len(classes), start + _IN_A_ROW))
        means = as_bytes(class_means[part.start : part.stop])
        rows += [
            ("weights", tuple(Picture(around_gray(learned[each]), classes[each]) for each in part)),
            (
                "mean − mean of all",
                tuple(
                    Picture(around_gray(special[each]), below=f"r = {correlations[each]:.2f}")
                    for each in part
                ),
            ),
            ("mean image", tuple(map(Picture, means))),
        ]
    average = float(np.mean(correlations))
    title = (
        f"Weights resemble what sets the mean of their class apart: r = {average:.2f} on average"
    )
    return Gallery("templates", title, tuple(rows)), correlations


def _correlation(template: NDArray[Any], mean: NDArray[Any]) -> float:
    one, other = (np.ravel(each) - np.mean(each) for each in (template, mean))
    scale = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / scale if scale > 0 else 0.0
