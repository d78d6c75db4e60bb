"""What there is to say of many runs: which there are, how they differ, what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DamagedRun:
    """A folder among the runs that cannot be read as one, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class RunList:
    """The runs that were asked for, each by the same ``columns``; what one does not have is None.

    ``total`` counts all runs there are, also those that conditions leave out.
    """

    columns: tuple[str, ...]
    runs: tuple[Mapping[str, Any], ...]
    damaged: tuple[DamagedRun, ...]
    total: int


@dataclass(frozen=True)
class ChosenSetting:
    """A setting that is not its default; both are None where they are left open."""

    name: str
    value: Any
    default: Any


@dataclass(frozen=True)
class RunShown:
    """All there is to say of one run; ``result`` is the record it ended in, None if it has not."""

    run: str
    command: str
    outcome: str
    settings: tuple[ChosenSetting, ...]
    environment: Mapping[str, Any]
    test_openings: int
    result: Any


@dataclass(frozen=True)
class Compared:
    """One setting or one result of several runs, in the order of the runs."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Curve:
    """One quantity over the epochs of one run: its values, the last, and the best with its epoch.

    Values that are not finite are None.
    """

    run: str
    name: str
    values: tuple[float | None, ...]
    last: float | None
    best: float | None
    best_epoch: int


@dataclass(frozen=True)
class PairCompared:
    """Two runs on the same images, ``second`` held against ``first``.

    Parameters
    ----------
    images
        How many images both were asked for; 0 where they cannot be compared, as ``verdict`` says.
    accuracies, intervals
        Of each, the interval that holds it with 95 % (Wilson 1927).
    difference, interval
        The second accuracy less the first, and its interval for the same images.
    only_first, only_second
        On how many images only one of the two was right.
    p_value
        How often chance alone would make as much of a difference (McNemar's exact test), in any of
        the pairs compared at once (Holm 1979).
    verdict
        That in words.
    """

    first: str
    second: str
    images: int
    accuracies: tuple[float, float] | None
    intervals: tuple[tuple[float, float], tuple[float, float]] | None
    difference: float | None
    interval: tuple[float, float] | None
    only_first: int
    only_second: int
    p_value: float | None
    verdict: str


@dataclass(frozen=True)
class RunComparison:
    """How runs differ; ``pairs`` hold each of the others against the first.

    ``difference``, ``interval``, ``p_value`` and ``verdict`` are those of the first pair.
    """

    runs: tuple[str, ...]
    difference: float | None
    interval: tuple[float, float] | None
    p_value: float | None
    verdict: str
    pairs: tuple[PairCompared, ...]
    settings: tuple[Compared, ...]
    results: tuple[Compared, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Rerun:
    """Whether a run done again ends in the same bits.

    ``compared`` says what was held against each other; ``differences`` name what the two stand on
    that is not the same: versions, processor, data.
    """

    same: bool
    run: str
    original: str
    compared: str
    expected: str
    found: str
    differences: tuple[Compared, ...]


@dataclass(frozen=True)
class Exported:
    """A file, or folder, of what runs have measured epoch by epoch; ``left_out`` have no epochs."""

    path: str
    format: str
    runs: int
    epochs: int
    bytes: int
    left_out: tuple[str, ...]
