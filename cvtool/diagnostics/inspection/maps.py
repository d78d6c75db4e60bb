"""What each layer makes of one image: the maps of its filters, behind the nonlinearity."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import around_gray
from cvtool.diagnostics.inspection.stages import Stage
from cvtool.layers.base import Array, Layer
from cvtool.layers.maxout import Maxout
from cvtool.layers.pooling import AveragePool, MaxPool
from cvtool.layers.residual import Residual
from cvtool.models.network import Network
from cvtool.records import Gallery, Picture

PERCENTILE = 99.0
"""Of the numbers of a layer other than zero: what is white, so that no place dims the others."""

HOW_TO_READ = (
    "The activations of the first filters of each layer, behind the nonlinearity, on one scale a "
    "layer: black is zero and white the most, or gray is zero where some are negative."
)
"""What is said in words where maps are shown."""

Row = tuple[str, tuple[Picture, ...]]


def map_rows(
    network: Network,
    stages: Sequence[Stage],
    seen: Array,
    alive: dict[Stage, NDArray[np.bool_]],
    filters: int,
) -> tuple[Row, ...]:
    """Show one image's maps: of every convolution, pooling, maxout and sum, row by row.

    Parameters
    ----------
    network, stages
        A network and its convolutions.
    seen
        ``(1, height, width, channels)``, as the network sees it.
    alive
        For each stage which of its filters are not dead.
    filters
        How many of each layer, the first.
    """
    of_layer = {each.end: each for each in stages}
    rows: list[Row] = []
    for layer, outputs in network.chain.trace(seen):
        stage = of_layer.get(layer)
        if stage is not None:
            pictures = _pictures(outputs[0], filters, alive[stage])
            rows.append((_named(stage.name, layer), pictures))
        elif isinstance(layer, MaxPool | AveragePool | Maxout | Residual) and outputs.ndim == 4:
            everyone = np.ones(outputs.shape[3], np.bool_)
            rows.append((_named(layer.name, layer), _pictures(outputs[0], filters, everyone)))
    return tuple(rows)


def maps_gallery(name: str, title: str, image: Picture, rows: Sequence[Row]) -> Gallery:
    """Put the image itself above its maps."""
    return Gallery(f"maps-{name}", title, (("image", (image,)), *rows), HOW_TO_READ)


def _named(name: str, layer: Layer) -> str:
    height, width, _ = layer.output_shape
    return f"{name}, {height}×{width}"


def _pictures(maps: NDArray[Any], filters: int, alive: NDArray[np.bool_]) -> tuple[Picture, ...]:
    """Draw maps ``(height, width, filters)`` of a layer on one scale, so that they compare.

    Black is zero and white the most; where some numbers are negative, zero is gray.
    """
    shown = maps[..., :filters].astype(np.float64)
    size = np.abs(shown)
    most = float(np.percentile(size[size > 0], PERCENTILE)) if size.any() else 1.0
    shown = np.clip(shown / most, -1, 1)
    images = around_gray(shown) if shown.min() < 0 else np.asarray(255 * shown + 0.5, np.uint8)
    return tuple(
        Picture(np.ascontiguousarray(images[..., number, np.newaxis]), below=_mark(number, lives))
        for number, lives in enumerate(alive[:filters])
    )


def _mark(number: int, lives: np.bool_) -> str:
    return f"{number}" if lives else f"{number} dead"
