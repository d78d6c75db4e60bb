"""Whether the best values crowd an edge of what was searched, and where to go on (notes §6.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Literal

from cvtool.records import TrialRecord
from cvtool.records.params import setting_name
from cvtool.tuning.chance import all_of, at_least
from cvtool.tuning.dimension import Dimension, Range
from cvtool.tuning.ranking import best, judged, ranked
from cvtool.tuning.space import Space

Searched = tuple[Space, Sequence[TrialRecord]]
"""Where a stage searched, and what it found."""

Side = Literal["lower", "upper"]
SIDES: tuple[Side, Side] = ("lower", "upper")

BEST = 1 / 3
"""Share of the trials that came to their end that are looked at: the best."""

FEWEST = 4
"""Fewer trials than this are no crowd."""

OUTER = 0.25
"""Share of a range, at either end, that is near the edge: its outer quarter."""

CHANCE = 0.05
"""A crowd is what chance brings about less often than this."""

TOGETHER = 0.01
"""A crowd that only several stages show together is one that chance shows less often than this."""

DOUBT = 0.5
"""Chance beyond which the last stage speaks against what earlier ones say."""

TENFOLD = log(10)
"""Logarithmic ranges go on for this at the least: less would hardly change a learning rate."""

SHORTER = 0.5
"""Whole numbers are sizes, which cost time: they go on for this share of the range only."""


@dataclass(frozen=True)
class Crowding:
    """The best values lie at one edge of a range: ``hits`` ``of`` them in its outer quarter.

    They are those of all stages that were heard, where it takes several to tell.
    """

    name: str
    side: Side
    edge: float
    hits: int
    of: int


def crowded(
    space: Space, records: Sequence[TrialRecord], earlier: Sequence[Searched] = ()
) -> tuple[Crowding, ...]:
    """Find the edges at which there are more of the best trials than chance would put there.

    The third of the trials that is best is held against a draw from all of them, also from those
    that diverged or were stopped: where many of these lie near an edge, it takes more hits. An edge
    that is the setting's own bound is never crowded, since nothing lies beyond.

    Few trials of a fine stage are near an edge at all, so earlier stages that searched up to the
    same one are heard as well. They were judged after fewer epochs: their word counts only where
    the records themselves do not speak against it.

    Parameters
    ----------
    records
        The trials of a stage that drew from ``space``.
    earlier
        Stages before it, with what came of them.

    Notes
    -----
    In simulated studies of 20 trials, an optimum beyond the edge by 0.3 of the range was found in
    about 85 % of them, in 60 % with noise of a fifth of what the range changes; one in the middle
    raised a false alarm in less than 1 %, a hyperparameter without any effect in 2 % at each edge.
    What several stages say is combined by Fisher's method, "Statistical methods for research
    workers", 1932.
    """
    found = (
        _crowding(dimension, side, records, earlier)
        for dimension in space
        for side in SIDES
        if isinstance(dimension, Range)
    )
    return tuple(each for each in found if each is not None)


def extended(space: Space, crowdings: Sequence[Crowding]) -> Space:
    """Return what to search next: crowded ranges from within the edge to beyond it.

    Each goes on by its own width, a logarithmic one by a factor of ten at the least, whole numbers
    by half; and never beyond the setting's bounds. All else stays.
    """

    def extend(dimension: Dimension) -> Dimension:
        sides = {each.side for each in crowdings if each.name == dimension.name}
        if not sides or not isinstance(dimension, Range):
            return dimension
        reach = _reach(dimension)
        first = -reach if "lower" in sides else 1 - OUTER
        last = 1 + reach if "upper" in sides else OUTER
        return dimension.between(first, last)

    return space.map(extend)


def message(crowding: Crowding, further: str, *, searched: bool) -> str:
    """Say in a sentence which edge is crowded, and what was done or can be done about it.

    Parameters
    ----------
    crowding
        What was found.
    further
        The range to go on with, spelled as ``--search`` takes it; see ``extended``.
    searched
        Whether that was searched already.
    """
    count = f"{crowding.hits} of {crowding.of} in its outer quarter"
    edge = f"the {crowding.side} edge of the range searched, {crowding.edge:g}"
    seen = f"the best values of {setting_name(crowding.name)} crowd {edge} ({count})"
    if searched:
        return f'{seen}: the search went on with "{further}"'
    return f'{seen}: search further, as --search "{further}"'


def _crowding(
    dimension: Range, side: Side, records: Sequence[TrialRecord], earlier: Sequence[Searched]
) -> Crowding | None:
    edge = _edge(dimension, side)
    if edge == dimension.bounds[SIDES.index(side)]:
        return None
    crowd = _crowd(dimension, side, records)
    before = [
        _crowd(each, side, found)
        for searched, found in earlier
        if isinstance(each := searched[dimension.name], Range) and _edge(each, side) == edge
    ]
    heard = [crowd]
    if crowd.chance >= CHANCE:
        heard += before
        if crowd.chance > DOUBT or all_of([each.chance for each in heard]) >= TOGETHER:
            return None
    hits, of = sum(each.hits for each in heard), sum(each.of for each in heard)
    return Crowding(dimension.name, side, edge, hits, of)


def _edge(dimension: Range, side: Side) -> float:
    return dimension.low if side == "lower" else dimension.high


@dataclass(frozen=True)
class _Crowd:
    """How many of the best are near an edge, and how often chance would put as many there."""

    hits: int
    of: int
    chance: float


def _crowd(dimension: Range, side: Side, records: Sequence[TrialRecord]) -> _Crowd:
    good = best(records, max(FEWEST, ceil(BEST * len(ranked(records)))))
    everyone = judged(records)
    near = sum(_is_near(dimension, side, each) for each in everyone)
    hits = sum(_is_near(dimension, side, each) for each in good)
    return _Crowd(hits, len(good), at_least(hits, len(good), near, len(everyone)))


def _is_near(dimension: Range, side: Side, record: TrialRecord) -> bool:
    """Whether a trial lies in the outer quarter, or at the edge where numbers are few."""
    value = record.params[dimension.name]
    if side == "lower":
        return value <= dimension.low or dimension.place(value) <= OUTER
    return value >= dimension.high or dimension.place(value) >= 1 - OUTER


def _reach(dimension: Range) -> float:
    """Return how far to go on, in widths of the range."""
    if dimension.whole:
        return SHORTER
    if not dimension.log:
        return 1.0
    return max(1.0, TENFOLD / log(dimension.high / dimension.low))
