"""What distances between pixels see and do not see, as measured on some images."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Changed:
    """How far images are from themselves after a change, as ``shifted by 2 pixels``.

    ``distance`` is the mean; ``farther_than_nearest`` and ``farther_than_another_class`` are the
    shares of images that are then farther from themselves than from their nearest other image,
    and than from their nearest image of another class.
    """

    change: str
    distance: float
    farther_than_nearest: float
    farther_than_another_class: float


@dataclass(frozen=True)
class Checkerboard:
    """How far a checkerboard is from its negative, which shows the same thing.

    ``distance`` is the largest that two images can have, in each of the metrics; ``nearer`` is the
    share of images, whatever they show, that are nearer to the checkerboard than its negative is.
    """

    distance: float
    nearer: float


@dataclass(frozen=True)
class PredictionTime:
    """The seconds that one prediction takes with so many training images."""

    train_images: int
    seconds: float


@dataclass(frozen=True)
class Explanation:
    """What ``knn --explain`` has found with one metric.

    ``queries`` images were changed and compared with ``images``, themselves among them. Means are
    those of distances to the nearest other image, and to the nearest of another class.
    ``growth`` is the power of the number of training images that prediction time grows with.
    """

    metric: str
    queries: int
    images: int
    nearest_distance: float
    another_class_distance: float
    changes: tuple[Changed, ...]
    checkerboard: Checkerboard
    prediction_times: tuple[PredictionTime, ...]
    growth: float
