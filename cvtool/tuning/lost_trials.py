"""Trials that did not come to their end, and what they have in common (notes §6.6).

Learning rates that are too large diverge, and those that are too small are stopped early because
nothing moves: a study that loses many trials searches where nothing works.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from cvtool.records import TrialOutcome, TrialRecord, Verdict
from cvtool.tuning.dimension import Dimension, Range
from cvtool.tuning.ranking import in_order, judged
from cvtool.tuning.space import Space

MANY = 0.25
"""Share of the trials that may end in one way before their end: a coarse search has to find out."""

EXCEPTIONS = 0.25
"""A region explains lost trials if exceptions to it are no more than this share of those that were
lost, and of those that were not."""


@dataclass(frozen=True)
class _Region:
    """Part of a dimension, with how many lost trials lie in it, and how many trials contradict."""

    where: str
    advice: str
    hits: int
    exceptions: int


def trials_finish(space: Space, records: Sequence[TrialRecord]) -> Verdict | None:
    """Say how many trials came to their end; where many did not, where those lie.

    None where there is no trial. The value is the share that came to its end, of those that are not
    broken.
    """
    if not records:
        return None
    trials = judged(records)
    found = [
        _broken(records),
        _lost(space, trials, "diverged"),
        _lost(space, trials, "stopped early"),
    ]
    finished = sum(each.outcome == "finished" for each in trials)
    told = "; ".join(each for each in found if each)
    message = told or f"{finished} of {len(trials)} trials came to their end"
    return Verdict("trials finish", not told, finished / max(len(trials), 1), message)


def _broken(records: Sequence[TrialRecord]) -> str:
    """Say why trials are broken, if they are many; as most of them say."""
    reasons = [each.reason for each in in_order(records) if each.outcome == "broken"]
    if len(reasons) <= MANY * len(records):
        return ""
    [(reason, _)] = Counter(reasons).most_common(1)
    return f"{len(reasons)} of {len(records)} trials are broken, as in: {reason}"


def _lost(space: Space, trials: Sequence[TrialRecord], outcome: TrialOutcome) -> str:
    """Describe the trials that ended in one way, if they are many."""
    lost = [each.outcome == outcome for each in trials]
    if sum(lost) <= MANY * len(trials):
        return ""
    seen = f"{sum(lost)} of {len(trials)} trials {_verb(outcome)}"
    region = _explanation(space, trials, lost)
    if region is None:
        return f"{seen}, whatever their settings: try cvtool sanity-check"
    share = "all" if region.hits == sum(lost) else f"{region.hits}"
    return f"{seen}, {share} of them with {region.where}: {region.advice}"


def _explanation(
    space: Space, trials: Sequence[TrialRecord], lost: Sequence[bool]
) -> _Region | None:
    """Find the part of a dimension that lost trials have to themselves, or nearly so."""
    regions = (region for each in space for region in _regions(each, trials, lost))
    found = min(regions, key=lambda each: each.exceptions, default=None)
    if found is None or all(lost):
        return None
    few = EXCEPTIONS * min(sum(lost), len(lost) - sum(lost))
    return found if found.exceptions <= few else None


def _verb(outcome: TrialOutcome) -> str:
    return "were stopped early" if outcome == "stopped early" else outcome


def _regions(
    dimension: Dimension, trials: Sequence[TrialRecord], lost: Sequence[bool]
) -> Iterator[_Region]:
    """Yield every part of a dimension that might explain which trials were lost."""
    pairs = [(each.params[dimension.name], gone) for each, gone in zip(trials, lost, strict=True)]
    if isinstance(dimension, Range):
        yield from _tails(dimension.name, sorted(pairs), "or less", "above")
        yield from _tails(dimension.name, sorted(pairs, reverse=True), "or more", "below")
        return
    for value in dimension.values:
        gone = [each for own, each in pairs if own == value]
        yield _Region(
            f"{dimension.name}={value}",
            "leave it out",
            sum(gone),
            sum(lost) + len(gone) - 2 * sum(gone),
        )


def _tails(
    name: str, pairs: Sequence[tuple[float, bool]], words: str, rather: str
) -> Iterator[_Region]:
    """Yield the trials up to each value, in the order given."""
    hits = list(accumulate(gone for _, gone in pairs))
    for last, (value, _) in enumerate(pairs):
        if last + 1 < len(pairs) and pairs[last + 1][0] == value:
            continue
        exceptions = hits[-1] + last + 1 - 2 * hits[last]
        yield _Region(
            f"{name} at {value:g} {words}", f"search {rather} that", hits[last], exceptions
        )
