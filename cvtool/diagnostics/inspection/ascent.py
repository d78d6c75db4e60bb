"""The image that excites a filter most, found by climbing (§5.1).

Gradient ascent on the image, not on the weights: Erhan et al., "Visualizing higher-layer features
of a deep network" (2009); Simonyan et al., "Deep inside convolutional networks" (2013). Decay and
blur, which keep it from fine noise that no image has, are those of Yosinski et al., "Understanding
neural networks through deep visualization" (2015). Colors that images do not have are made faint,
as by Olah et al., "Feature visualization" (2017).

What is raised is the filter's answer at the center of its map, before the nonlinearity: its pattern
is then as large as what the filter sees, and can be held against the patches that excite it. The
mean over the whole map gives textures that repeat, and a plain color for most first filters.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.looking import around_gray
from cvtool.datasets.preprocessing import Preprocessing
from cvtool.diagnostics.inspection.moments import SeenMoments
from cvtool.diagnostics.inspection.patches import cut_out
from cvtool.diagnostics.inspection.stages import Stage
from cvtool.layers.base import Array
from cvtool.models.network import Network
from cvtool.records import Gallery, Picture, WorkRecord

STEPS = 100
RATE = 0.1
"""How far a step goes: root mean square over all pixels, in standard deviations of images."""

DECAY = 0.05
"""Share of the pattern that is lost with every step, as by an L2 penalty."""

BLUR = 0.5
"""Share of each step's result that is blurred, behind the first convolution.

The first is linear: what excites it most is the filter itself, however fine and of whatever color.
"""

NOISE = 0.05
"""Size of the noise around the mean image that a climb starts from, in the same units."""

IN_A_ROW = 8

HOW_TO_READ = (
    "What excites a filter at the center of its map, as far as it sees, less the mean image: gray "
    "is no change, and each pattern has its own contrast."
)
"""What is said in words where patterns are shown."""

PERCENTILE = 99.0
"""Of the absolute numbers of a pattern: what is full black or white, so that no pixel dims it."""


def climbing(
    network: Network,
    stage: Stage,
    seen: SeenMoments,
    filters: int,
    random: np.random.Generator,
) -> Generator[WorkRecord, None, Array]:
    """Climb for the first filters of a stage, all together, and tell after every step.

    Gradients are those of inference. Pixels are shifted to and fro by up to half of what lies
    between two neighbors in the map, so that no pattern hangs on where pooling cuts.

    Parameters
    ----------
    network, stage
        A network and one of its stages.
    seen
        What images are like, as the network sees them.
    filters
        How many of the stage's filters, at most.
    random
        Noise to start from, and shifts.

    Returns
    -------
    Array
        ``(filters, height, width, channels)``: what is to be added to the mean image.
    """
    way, count = network.chain.up_to(stage.before), min(filters, stage.filters)
    origin, unit = seen.mean.astype(network.dtype), seen.deviation()
    change = random.normal(0, NOISE * unit, (count, *origin.shape)).astype(network.dtype)
    is_first = way.layers[0] is stage.convolution
    colors = np.eye(origin.shape[2]) if is_first else seen.color_root()
    reach, blur = stage.field.jump // 2, 0.0 if is_first else BLUR
    for step in range(STEPS):
        shift = tuple(random.integers(-reach, reach + 1, 2).tolist())
        way.forward(np.roll(origin + change, shift, (1, 2)))
        gradient = way.backward_inputs(_wanted(stage, count, network))
        gradient = np.roll(gradient, [-each for each in shift], (1, 2))
        gradient = np.einsum("nhwc,cd->nhwd", gradient, colors.astype(network.dtype))
        size = np.sqrt(np.mean(gradient**2, axis=(1, 2, 3), keepdims=True))
        change += RATE * unit * gradient / np.where(size > 0, size, 1)
        change = (1 - DECAY) * ((1 - blur) * change + blur * blurred(change))
        yield WorkRecord(f"climbing for the filters of {stage.name}, step", step + 1, STEPS)
    return change


def center(stage: Stage) -> tuple[int, int]:
    """Return the row and column in the middle of a stage's maps."""
    height, width, _ = stage.before.output_shape
    return height // 2, width // 2


def _wanted(stage: Stage, count: int, network: Network) -> Array:
    """Ask of each image for one filter at the center; layers may write over it."""
    wanted = np.zeros((count, *stage.before.output_shape), network.dtype)
    each = np.arange(count)
    wanted[each, *center(stage), each] = 1
    return wanted


def blurred(images: Array) -> Array:
    """Average every pixel with a quarter of each neighbor, down and across; ends go on."""
    for axis in (1, 2):
        ends = [(0, 0)] * images.ndim
        ends[axis] = (1, 1)
        wide = np.pad(images, ends, mode="edge")
        before, after = (np.take(wide, range(at, at + images.shape[axis]), axis) for at in (0, 2))
        images = (before + 2 * images + after) / 4
    return images


def pattern_gallery(
    stage: Stage,
    changes: Array,
    mean: NDArray[np.float64],
    preprocessing: Preprocessing,
    alive: NDArray[np.bool_],
) -> Gallery:
    """Show patterns as pixels, around gray and each on its own scale, as far as a filter sees.

    Parameters
    ----------
    changes
        As from ``climbing``.
    mean
        The mean image, as the network sees it.
    preprocessing
        Is undone, whitening too.
    alive
        Which filters are not dead.
    """
    pixels = preprocessing.undo(mean + changes) - preprocessing.undo(mean[np.newaxis])
    field = stage.field.at(*center(stage))
    pictures = [
        Picture(
            cut_out(_contrasted(each, field), field), f"filter {number}", "" if lives else "dead"
        )
        for number, (each, lives) in enumerate(zip(pixels, alive, strict=False))
    ]
    rows = [
        ("", tuple(pictures[start : start + IN_A_ROW]))
        for start in range(0, len(pictures), IN_A_ROW)
    ]
    title = f"{stage.name}: the pattern that gradient ascent finds for each filter"
    return Gallery(f"{stage.file_name}-pattern", title, tuple(rows), HOW_TO_READ)


def _contrasted(pattern: NDArray[Any], field: tuple[slice, slice]) -> NDArray[np.uint8]:
    """Stretch a pattern so that most of what a filter sees of it fits."""
    rows, columns = (slice(max(0, each.start), max(0, each.stop)) for each in field)
    largest = np.percentile(np.abs(pattern[rows, columns]), PERCENTILE)
    return around_gray(np.clip(pattern, -largest, largest))
