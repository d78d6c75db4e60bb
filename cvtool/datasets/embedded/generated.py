"""Drawn images, in memory where they fit and else in one mapped file, drawn once.

``CACHE/generated/NAME-CHOICES/VERSION/``: CHOICES stands for what was chosen, VERSION for the code
that draws. Another version therefore finds nothing, draws anew, and removes what the earlier one
has drawn. Files are written into a folder beside, which is renamed when whole: a kill leaves
nothing that could be taken for whole.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from shutil import disk_usage

import numpy as np
from numpy.typing import NDArray

from cvtool.datasets.dataset import Dataset, Examples, Indices
from cvtool.datasets.in_the_making import in_the_making, sweep
from cvtool.datasets.places import cache_folder
from cvtool.datasets.request import Progress
from cvtool.errors import DataError
from cvtool.records import WorkRecord

Shape = tuple[int, int, int]
Pixels = NDArray[np.uint8]

MOST_IN_MEMORY = 2**28
"""Bytes of images that are kept in memory; more are written to the disk."""


@dataclass(frozen=True)
class Drawing:
    """How the images of a data set are drawn, block by block.

    Parameters
    ----------
    name
        What the data set is called.
    choices, version
        Words for folders that stand for all that the images depend on.
    classes
        The names of the classes.
    image_shape
        ``(height, width, channels)``.
    counts
        How many images each part has, by name; at least one.
    block
        Images in a block; only the last of a part may have fewer.
    labels
        Tells the labels of a part from its name and block number, ``(block,)``.
    draw
        Fills the first images of a block, from the part's name and the block's number.
    """

    name: str
    choices: str
    version: str
    classes: tuple[str, ...]
    image_shape: Shape
    counts: Mapping[str, int]
    block: int
    labels: Callable[[str, int], Indices]
    draw: Callable[[str, int, Pixels], None]

    @property
    def bytes(self) -> int:
        """What the images take."""
        return sum(self.counts.values()) * prod(self.image_shape)


def generate(drawing: Drawing, progress: Progress | None = None) -> Dataset:
    """Draw a data set, or find what an earlier start has drawn.

    Raises
    ------
    DataError
        If the images are more than fit in memory and there is no place to keep them.
    """
    if drawing.bytes <= MOST_IN_MEMORY:
        images = {part: _in_memory(drawing, part, progress) for part in drawing.counts}
        return _dataset(drawing, images, None)
    folder = cache_folder() / "generated"
    folder = folder / f"{drawing.name}-{drawing.choices}" / drawing.version
    images = _load(drawing, folder)
    if not images:
        try:
            images = _make(drawing, folder, progress)
        except OSError as error:
            raise DataError(
                f"cannot keep drawn images in {folder.parent} ({error.strerror}): make room, or "
                f"set XDG_CACHE_HOME to a folder that can be written"
            ) from error
    return _dataset(drawing, images, folder / "checksum")


def _dataset(drawing: Drawing, images: Mapping[str, Pixels], checksum: Path | None) -> Dataset:
    parts = {part: Examples(images[part], _labels(drawing, part)) for part in drawing.counts}
    return Dataset(name=drawing.name, classes=drawing.classes, checksum_file=checksum, **parts)


def _labels(drawing: Drawing, part: str) -> Indices:
    count = drawing.counts[part]
    labels = np.empty(count, np.int64)
    for start in range(0, count, drawing.block):
        some = labels[start : start + drawing.block]
        some[:] = drawing.labels(part, start // drawing.block)[: len(some)]
    return labels


def _in_memory(drawing: Drawing, part: str, progress: Progress | None) -> Pixels:
    images = np.empty((drawing.counts[part], *drawing.image_shape), np.uint8)
    for start, stop in _blocks(drawing, part, progress):
        drawing.draw(part, start // drawing.block, images[start:stop])
    return images


def _blocks(drawing: Drawing, part: str, progress: Progress | None) -> Iterator[tuple[int, int]]:
    """Go through a part block by block, and tell how far one is through all of them."""
    names = list(drawing.counts)
    before = sum(drawing.counts[name] for name in names[: names.index(part)])
    total = sum(drawing.counts.values())
    for start in range(0, drawing.counts[part], drawing.block):
        stop = min(start + drawing.block, drawing.counts[part])
        yield start, stop
        if progress is not None:
            progress(WorkRecord("drawing image", before + stop, total))


def _load(drawing: Drawing, folder: Path) -> dict[str, Pixels]:
    try:
        return {
            part: np.load(folder / f"{part}.npy", mmap_mode="r", allow_pickle=False)
            for part in drawing.counts
        }
    except (OSError, ValueError):  # not there, or damaged
        return {}


def _make(drawing: Drawing, folder: Path, progress: Progress | None) -> dict[str, Pixels]:
    sweep(folder.parent, keep=folder)
    free = disk_usage(folder.parent).free
    if drawing.bytes > free:
        raise DataError(
            f"the drawn images need {drawing.bytes / 1e6:,.0f} MB in {folder.parent} but only "
            f"{free / 1e6:,.0f} MB are free: make room or ask for fewer with 'images='"
        )
    shutil.rmtree(folder, ignore_errors=True)  # damaged, if it is there at all
    # If another process is faster, its images are the same.
    with suppress(FileExistsError), in_the_making(folder) as unfinished:
        for part in drawing.counts:
            _write(drawing, part, unfinished / f"{part}.npy", progress)
    images = _load(drawing, folder)
    if not images:
        raise OSError(None, "they were gone as soon as they were written")
    return images


def _write(drawing: Drawing, part: str, path: Path, progress: Progress | None) -> None:
    """Write a part as a ``.npy`` file, with no more than one block in memory."""
    shape = (drawing.counts[part], *drawing.image_shape)
    images = np.empty((drawing.block, *drawing.image_shape), np.uint8)
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for start, stop in _blocks(drawing, part, progress):
            some = images[: stop - start]
            drawing.draw(part, start // drawing.block, some)
            file.write(some.data)
