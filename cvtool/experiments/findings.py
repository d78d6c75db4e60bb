"""What there is to see in a trained network: its first filters, its confusions and mistakes."""

import numpy as np

from cvtool.datasets.looking import as_bytes
from cvtool.experiments.preparation import Preparation
from cvtool.layers.base import Array
from cvtool.layers.convolution import Convolution
from cvtool.models.network import Network
from cvtool.records import Classified, EpochRecord, Findings
from cvtool.training.evaluation import Scored

_MISTAKES = 25


def findings(preparation: Preparation, history: tuple[EpochRecord, ...], seen: Scored) -> Findings:
    """Look at the network as it is, and at what it has ``seen`` of the validation images."""
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


def _mistakes(preparation: Preparation, seen: Scored) -> tuple[Classified, ...]:
    """Pick the wrong predictions that the network was surest of; points have no picture."""
    if preparation.dataset.has_points:
        return ()
    predicted, probabilities = seen.predictions, seen.probabilities
    sure = probabilities[np.arange(len(predicted)), predicted]
    wrong = np.flatnonzero(predicted != seen.labels)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:_MISTAKES]
    images = as_bytes(preparation.split.validation.images_at(worst))
    classes = preparation.dataset.classes
    return tuple(
        Classified(image, classes[seen.labels[at]], classes[predicted[at]], float(sure[at]))
        for image, at in zip(images, worst, strict=True)
    )
