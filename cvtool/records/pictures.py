"""What is to be drawn: images beside each other, points and regions of the plane, scores.

Each is drawn into ``<name>.png`` by whoever shows what an experiment says, and kept by
``runs.pictures``, so that it can be shown in other ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cvtool.records.tuning import Importance, StageKind, TrialOutcome

if TYPE_CHECKING:  # runs are listed before NumPy would have been loaded
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
    """Rows of pictures, each with a name at its left; ``name`` is that of the file, as it were.

    ``note`` says how to read them, where they do not speak for themselves.
    """

    name: str
    title: str
    rows: tuple[tuple[str, tuple[Picture, ...]], ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Points:
    """Labeled points in the plane: ``points`` ``(n, 2)``, ``labels`` ``(n,)``."""

    name: str
    title: str
    points: NDArray[np.floating[Any]]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Panel:
    """How one setting divides the plane: ``winners`` ``(height, width)``, the class of each cell.

    Row 0 is at the lowest y.
    """

    title: str
    winners: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Regions:
    """Decision regions side by side, with labeled points over them.

    All panels span the same ``x`` and ``y`` (lowest, highest). ``lines`` holds the ``(a, b, c)``
    of lines a·x + b·y + c = 0 that cross every panel: where two classes of a linear classifier
    score the same.
    """

    name: str
    title: str
    panels: tuple[Panel, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    points: NDArray[np.floating[Any]]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    lines: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Line:
    """What was measured at each ``x``, once or, as with folds, several times."""

    name: str
    x: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Scores:
    """Lines over a setting: every value a point, their mean and standard deviation around it."""

    name: str
    title: str
    x_label: str
    lines: tuple[Line, ...]
    quantity: Literal["accuracy", "milliseconds", "loss"] = "accuracy"


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Accuracies over two settings: ``(len(y), len(x))``, NaN where a run diverged.

    ``best`` is the row and column of the one to be marked; the first of the highest unless said.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    values: NDArray[np.floating[Any]]
    best: tuple[int, int] | None = None


@dataclass(frozen=True)
class Histogram:
    """How often values fell between edges: ``len(edges) - 1`` counts."""

    name: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Histograms:
    """Distributions side by side, as of the activations of every layer."""

    name: str
    title: str
    histograms: tuple[Histogram, ...]


@dataclass(frozen=True)
class SearchedAxis:
    """One hyperparameter and the ends of what was searched of it; values may lie beyond.

    Where there are ``words`` it is a choice, and a value is the position of its word.
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrialMark:
    """A trial with a value for each axis; ``accuracy`` is NaN where none was reached."""

    values: tuple[float, ...]
    accuracy: float
    stage: StageKind
    outcome: TrialOutcome


@dataclass(frozen=True)
class Scatters:
    """Accuracy over each hyperparameter, in panels side by side."""

    name: str
    title: str
    axes: tuple[SearchedAxis, ...]
    marks: tuple[TrialMark, ...]
    winner: TrialMark | None = None


@dataclass(frozen=True)
class ParallelCoordinates:
    """Trials as lines across all hyperparameters to their accuracy; the ``best`` stand out."""

    name: str
    title: str
    axes: tuple[SearchedAxis, ...]
    marks: tuple[TrialMark, ...]
    best: int


@dataclass(frozen=True)
class Bars:
    """Shares as bars, the largest first; those that chance may explain are pale."""

    name: str
    title: str
    bars: tuple[Importance, ...]


Drawn = (
    Gallery
    | Points
    | Regions
    | Scores
    | HeatMap
    | Histograms
    | Scatters
    | ParallelCoordinates
    | Bars
)
"""All that is drawn under its own name."""
