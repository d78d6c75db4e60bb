"""One look at many images: what they score, and where they excite every filter most."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.batches import Batches
from cvtool.datasets.dataset import Indices
from cvtool.diagnostics.inspection.moments import MomentSums, SeenMoments
from cvtool.diagnostics.inspection.stages import Stage
from cvtool.layers.base import Array, Layer
from cvtool.models.network import Network
from cvtool.records import WorkRecord


class Strongest:
    """The largest activations of some filters so far, each of another image.

    Attributes
    ----------
    values
        ``(patches, filters)``, the largest first; −∞ where there were too few images.
    images
        ``(patches, filters)``: positions of the images.
    places
        ``(patches, filters)``: where in the map, row by row; of equal activations the first.
    """

    def __init__(self, patches: int, filters: int) -> None:
        self.values = np.full((patches, filters), -np.inf, np.float32)
        self.images = np.zeros((patches, filters), np.int64)
        self.places = np.zeros((patches, filters), np.int64)

    def add(self, positions: Indices, maps: Array) -> None:
        """Take in the maps ``(n, height, width, filters)`` of images at ``positions``."""
        rows = maps.reshape(len(maps), -1, maps.shape[-1])
        places = rows.argmax(axis=1)
        values = np.take_along_axis(rows, places[:, None], axis=1)[:, 0]
        images = np.broadcast_to(positions[:, None], values.shape)
        values = np.concatenate([self.values, values])
        order = np.argsort(-values, axis=0, kind="stable")[: len(self.values)]
        self.values = np.take_along_axis(values, order, axis=0)
        self.images = np.take_along_axis(np.concatenate([self.images, images]), order, axis=0)
        self.places = np.take_along_axis(np.concatenate([self.places, places]), order, axis=0)


@dataclass(frozen=True, eq=False)
class Survey:
    """What was seen.

    Parameters
    ----------
    positions
        ``(n,)``: which images of the subset.
    labels
        ``(n,)``: their classes.
    scores
        ``(n, classes)``.
    strongest
        Of the first filters of each stage.
    alive
        ``(filters,)`` for each stage: whether an activation of a filter was ever other than zero.
    seen
        What the images are like, as the network sees them.
    """

    positions: Indices
    labels: NDArray[np.int64]
    scores: Array
    strongest: dict[Stage, Strongest]
    alive: dict[Stage, NDArray[np.bool_]]
    seen: SeenMoments


def surveying(
    network: Network,
    batcher: Batches,
    positions: Indices,
    stages: Sequence[Stage],
    *,
    filters: int,
    patches: int,
    batch_size: int,
) -> Generator[WorkRecord, None, Survey]:
    """Look at images batch by batch, in memory of one batch, and tell how far it is.

    Parameters
    ----------
    network, batcher
        A network, and what writes images of a subset as it sees them.
    positions
        ``(n,)``: which images, at least one.
    stages
        Of the network.
    filters
        Find the strongest patches of so many filters of each.
    patches
        How many of them.
    batch_size
        Images to look at together.
    """
    strongest = {each: Strongest(patches, min(filters, each.filters)) for each in stages}
    alive = {each: np.zeros(each.filters, np.bool_) for each in stages}
    of_layer: dict[Layer, Stage] = {each.end: each for each in stages}
    scores, labels, moments = [], [], MomentSums(network.input_shape)
    for start in range(0, len(positions), batch_size):
        some = positions[start : start + batch_size]
        room = network.room(len(some))
        labels.append(batcher.fill(some, room))
        moments.add(room)
        for layer, outputs in network.chain.trace(room):
            stage = of_layer.get(layer)
            if stage is not None:
                strongest[stage].add(some, outputs[..., :filters])
                alive[stage] |= outputs.any(axis=(0, 1, 2))
        scores.append(outputs.copy())
        yield WorkRecord("looking at image", start + len(some), len(positions))
    return Survey(
        positions,
        np.concatenate(labels),
        np.concatenate(scores),
        strongest,
        alive,
        moments.moments(),
    )
