"""What there is to see in a trained network: its first filters, its confusions and mistakes."""

import numpy as np
from numpy.typing import NDArray

from cvtool.experiments.preparation import Preparation
from cvtool.layers.base import Array
from cvtool.layers.convolution import Convolution
from cvtool.models.network import Network
from cvtool.records import EpochRecord, Findings, Mistake
from cvtool.training.evaluation import Scored, score

_MISTAKES = 25


def findings(
    preparation: Preparation, history: tuple[EpochRecord, ...], batch_size: int
) -> Findings:
    """Look at the network as it is, on the validation images."""
    seen = score(preparation.network, preparation.validation_batches(), batch_size)
    classes = preparation.dataset.classes
    return Findings(
        history=history,
        classes=classes,
        filters=_first_filters(preparation.network),
        confusion=seen.confusion(len(classes)),
        mistakes=_mistakes(preparation, seen),
    )


def _first_filters(network: Network) -> Array | None:
    layers = network.chain.walk()
    first = next((layer for layer in layers if isinstance(layer, Convolution)), None)
    return None if first is None else first.parameters[0].values


def _mistakes(preparation: Preparation, seen: Scored) -> tuple[Mistake, ...]:
    """Pick the wrong predictions that the network was surest of."""
    predicted, probabilities = seen.predictions, seen.probabilities
    sure = probabilities[np.arange(len(predicted)), predicted]
    wrong = np.flatnonzero(predicted != seen.labels)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:_MISTAKES]
    images = as_bytes(preparation.split.validation.images_at(worst))
    classes = preparation.dataset.classes
    return tuple(
        Mistake(image, classes[seen.labels[at]], classes[predicted[at]], float(sure[at]))
        for image, at in zip(images, worst, strict=True)
    )


def as_bytes(images: Array) -> NDArray[np.uint8]:
    """Bring stored images, bytes or floats in [0, 1], to bytes."""
    if images.dtype == np.uint8:
        return images
    return np.asarray(np.clip(images * 255, 0, 255).round(), np.uint8)
