"""What a trained run says of images."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Evaluation:
    """How a trained run does on images; ``opened`` counts how often the test set was looked at.

    ``run`` is empty where it is kept nowhere, and ``loss`` NaN where none is minimized, as of
    neighbors.
    """

    run: str
    dataset: str
    part: str
    images: int
    loss: float
    accuracy: float
    class_accuracies: Mapping[str, float]
    opened: int


@dataclass(frozen=True)
class Prediction:
    """The class a run gives one image, with the probabilities of all classes.

    ``file`` is the image's path, or its position in an array.
    """

    file: str
    label: str
    probability: float
    probabilities: Mapping[str, float]
