"""Shapes as a data set: see the package."""

from dataclasses import astuple
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset
from cvtool.datasets.embedded import balance, turning
from cvtool.datasets.embedded.generated import Drawing, generate
from cvtool.datasets.embedded.shapes.choices import ShapesChoices
from cvtool.datasets.embedded.shapes.outlines import OUTLINES
from cvtool.datasets.embedded.shapes.scenes import BLOCK, labels_of, scenes_of
from cvtool.datasets.request import Progress
from cvtool.kernels import drawing as kernel
from cvtool.kernels.jit import is_cached
from cvtool.records import WorkRecord


def shapes(choices: ShapesChoices, progress: Progress | None = None) -> Dataset:
    """Draw shapes; an image depends on nothing but the seed, the knobs, its part and its number.

    Raises
    ------
    DataError
        If they are more than fit in memory and there is no place to keep them.
    """

    def draw(part: str, block: int, images: NDArray[np.uint8]) -> None:
        kernel.draw(scenes_of(choices, part, block)[: len(images)], images)

    if progress is not None and not is_cached("drawing"):
        progress(WorkRecord("compiling what draws, for this processor, once", 0, 0))
    counts = {"train": choices.images, "test": choices.test_images}
    return generate(
        Drawing(
            name="shapes",
            choices=_hash(repr(astuple(choices)).encode()),
            version=_version(),
            classes=tuple(OUTLINES),
            image_shape=(choices.size, choices.size, 3),
            counts={part: count for part, count in counts.items() if count},
            block=BLOCK,
            labels=lambda part, block: labels_of(choices.seed, part, block),
            draw=draw,
        ),
        progress,
    )


@cache
def _version() -> str:
    """Hash the code that draws: changed, it may draw other pixels."""
    others = [Path(str(module.__file__)) for module in (kernel, turning, balance)]
    sources = [*sorted(Path(__file__).parent.glob("*.py")), *others]
    return _hash(b"".join(source.read_bytes() for source in sources))


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()
