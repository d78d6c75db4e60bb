"""What is to be drawn of data: images beside each other, points in the plane. Never saved."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Picture:
    """One image ``(height, width, 1 or 3)``, uint8, with a few words above and below it."""

    image: NDArray[np.uint8]
    above: str = ""
    below: str = ""


@dataclass(frozen=True, eq=False)
class Gallery:
    """Rows of pictures, each with a name at its left; ``name`` is that of the file, as it were."""

    name: str
    title: str
    rows: tuple[tuple[str, tuple[Picture, ...]], ...]


@dataclass(frozen=True, eq=False)
class Points:
    """Labelled points in the plane: ``points`` ``(n, 2)``, ``labels`` ``(n,)``."""

    name: str
    title: str
    points: NDArray[np.floating[Any]]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
