"""What there is to see in a trained network: its filters, confusions, mistakes, and examples."""

from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Indices
from cvtool.datasets.looking import as_bytes, shrunk, shrunk_size
from cvtool.experiments.preparation import Preparation
from cvtool.layers.base import Array
from cvtool.layers.convolution import Convolution
from cvtool.models.network import Network
from cvtool.records import Classified, EpochRecord, Findings
from cvtool.training.evaluation import Scored

_MISTAKES = 25

_OF_EACH_PAIR = 6
_EXAMPLE_BYTES = 1_500_000
_EXAMPLE_SIDE = 64
"""What examples may take at most: images of each pair of classes, bytes in all, pixels a side."""


def findings(preparation: Preparation, history: tuple[EpochRecord, ...], seen: Scored) -> Findings:
    """Look at the network as it is, and at what it has ``seen`` of the validation images."""
    classes = preparation.dataset.classes
    has_pixels = not preparation.dataset.has_points
    mistakes, examples = _picked(preparation, seen) if has_pixels else ((), ())
    return Findings(
        history=history,
        classes=classes,
        filters=_first_filters(preparation.network),
        confusion=seen.confusion(len(classes)),
        mistakes=mistakes,
        examples=examples,
    )


def _first_filters(network: Network) -> Array | None:
    layers = network.chain.walk()
    first = next((layer for layer in layers if isinstance(layer, Convolution)), None)
    return None if first is None else first.parameters[0].values


def _picked(
    preparation: Preparation, seen: Scored
) -> tuple[tuple[Classified, ...], tuple[Classified, ...]]:
    """Pick the wrong predictions that the network was surest of, and a few of every kind."""
    predictions = seen.predictions
    confidence = seen.probabilities[np.arange(len(predictions)), predictions]
    wrong = np.flatnonzero(predictions != seen.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:_MISTAKES]
    height, width, channels = preparation.dataset.image_shape
    room = _EXAMPLE_BYTES // (channels * prod(shrunk_size(height, width, _EXAMPLE_SIDE)))
    some = shared_out(seen.labels, predictions, confidence, room)
    images, classes = preparation.split.validation, preparation.dataset.classes

    def classified(at: int) -> Classified:
        [image] = as_bytes(images.images_at(np.array([at])))
        label, predicted = classes[seen.labels[at]], classes[predictions[at]]
        return Classified(image, label, predicted, float(confidence[at]))

    # Shrunk one by one: together they may be large.
    examples = (
        replace(each, image=shrunk(each.image, _EXAMPLE_SIDE)) for each in map(classified, some)
    )
    return tuple(map(classified, worst)), tuple(examples)


def shared_out(
    labels: Indices, predictions: Indices, confidence: NDArray[np.float64], room: int
) -> Indices:
    """Choose images of every pair of classes, as many of each as there is room for.

    Each pair gets its first before any gets its second, and so on; the pairs with the most images
    come first where there is not enough for all.

    Parameters
    ----------
    labels, predictions
        The true and the given class of each image, ``(n,)``.
    confidence
        The probability of the given class, ``(n,)``.
    room
        How many images there may be in all.

    Returns
    -------
    Positions of images, by true class, given class, and confidence, the most confident first.
    """
    order = np.lexsort((-confidence, predictions, labels))
    pairs = np.stack([labels[order], predictions[order]])
    _, begins, counts = np.unique(pairs, axis=1, return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(begins, counts)
    fairly = np.lexsort((-np.repeat(counts, counts), rank))
    taken = fairly[rank[fairly] < _OF_EACH_PAIR][:room]
    return order[np.sort(taken)]
