"""What there is to see of a study: each hyperparameter, all of them together, which mattered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from cvtool.records import (
    Bars,
    Candidate,
    Drawn,
    Importance,
    ParallelCoordinates,
    Scatters,
    SearchedAxis,
    StageKind,
    StageResult,
    TrialMark,
    TrialRecord,
)
from cvtool.records.params import setting_name, setting_value
from cvtool.tuning.dimension import Choice, Dimension
from cvtool.tuning.space import Space

BEST = 5
"""Trials that stand out among the lines."""

LONGEST = 28
"""Letters of a word in a title."""


def study_pictures(
    space: Space,
    records: Sequence[TrialRecord],
    stages: Sequence[StageResult],
    best: Candidate | None,
    importance: Sequence[Importance],
) -> Iterator[Drawn]:
    """Lay out the trials of a study.

    Parameters
    ----------
    space
        All that was searched; trials may lie beyond, where ranges were extended.
    records
        The trials of all stages.
    stages
        What came of each; trials of a stage that has not ended are taken for those of a fine one.
    best
        The winner, if there is one.
    importance
        How much each hyperparameter explains.
    """
    axes = tuple(_axis(each, [record.params[each.name] for record in records]) for each in space)
    marks = tuple(_mark(each, _kind(each.stage, stages), axes, space) for each in records)
    if marks and axes:
        winner = None if best is None else _winner(best, axes, space)
        yield Scatters("hyperparameters", _scatter_title(marks, best), axes, marks, winner)
        lines = _lines(marks)
        if lines:
            shown = _best(lines)
            title = _lines_title(lines[len(lines) - shown :], len(lines), space, axes)
            yield ParallelCoordinates("parallel_coordinates", title, axes, lines, shown)
    if importance:
        ranked = sorted(importance, key=lambda each: -each.share if isfinite(each.share) else 1.0)
        bars = tuple(replace(each, name=setting_name(each.name)) for each in ranked)
        yield Bars("importance", _bars_title(bars), bars)


def _axis(dimension: Dimension, values: Sequence[Any]) -> SearchedAxis:
    name = setting_name(dimension.name)
    if isinstance(dimension, Choice):
        words = dict.fromkeys(map(setting_value, (*dimension.values, *values)))
        return SearchedAxis(name, 0, len(words) - 1, words=tuple(words))
    return SearchedAxis(name, dimension.low, dimension.high, dimension.log, dimension.whole)


def _kind(stage: int, stages: Sequence[StageResult]) -> StageKind:
    if stage < len(stages):
        return stages[stage].kind
    return "fine" if stages else "coarse"


def _mark(
    record: TrialRecord, kind: StageKind, axes: Sequence[SearchedAxis], space: Space
) -> TrialMark:
    values = _values(record.params, axes, space)
    return TrialMark(values, record.val_accuracy, kind, record.outcome)


def _winner(best: Candidate, axes: Sequence[SearchedAxis], space: Space) -> TrialMark:
    return TrialMark(_values(best.params, axes, space), best.val_accuracy, "repeats", "finished")


def _values(params: Any, axes: Sequence[SearchedAxis], space: Space) -> tuple[float, ...]:
    return tuple(
        float(axis.words.index(setting_value(params[name])) if axis.words else params[name])
        for axis, name in zip(axes, space.names, strict=True)
    )


def _lines(marks: Sequence[TrialMark]) -> tuple[TrialMark, ...]:
    """Those that came to their end once, the best last, of equal ones the first.

    Repeats would lie on each other.
    """
    finished = [
        mark
        for mark in marks
        if mark.outcome == "finished" and mark.stage != "repeats" and isfinite(mark.accuracy)
    ]
    return tuple(sorted(finished, key=lambda mark: mark.accuracy, reverse=True)[::-1])


def _best(lines: Sequence[TrialMark]) -> int:
    """Say how many stand out: none where all are as good."""
    if len(lines) > 1 and lines[0].accuracy == lines[-1].accuracy:
        return 0
    return min(BEST, max(1, len(lines) // 3))


def _scatter_title(marks: Sequence[TrialMark], best: Candidate | None) -> str:
    failed = sum(mark.outcome != "finished" for mark in marks)
    trials = f"{len(marks)} trial{'s' * (len(marks) != 1)}"
    if failed:
        trials = f"{trials}, {failed} given up"
    if best is None:
        return f"{trials}, no winner"
    return f"{trials}, the winner reaches {best.val_accuracy:.1%}"


def _lines_title(
    best: Sequence[TrialMark], count: int, space: Space, axes: Sequence[SearchedAxis]
) -> str:
    """Say in what the best trials are most alike."""
    if not best:
        return f"All {count} trials reach the same"
    if len(best) < 2:
        return f"The best of {count} trials" if count > 1 else "One trial came to its end"
    spans = [_span(each, at, best) for at, each in enumerate(space)]
    at = min(range(len(spans)), key=spans.__getitem__)
    found = sorted(mark.values[at] for mark in best)
    axis = axes[at]
    if axis.words:
        words = dict.fromkeys(axis.words[int(each)] for each in found)
        said = " or ".join(each if len(each) <= LONGEST else f"{each[:LONGEST]}…" for each in words)
    else:
        ends = dict.fromkeys(setting_value(each) for each in (found[0], found[-1]))
        said = " to ".join(ends)
    return f"The best {len(best)} of {count} trials: {axis.name} {said}"


def _span(dimension: Dimension, at: int, marks: Sequence[TrialMark]) -> float:
    """Tell what share of a dimension marks take; of one with a single value that is all."""
    values = [mark.values[at] for mark in marks]
    if isinstance(dimension, Choice):
        return len(set(values)) / len(dimension.values)
    if dimension.low == dimension.high:
        return 1.0
    places = [dimension.place(value) for value in values]
    return max(places) - min(places)


def _bars_title(bars: Sequence[Importance]) -> str:
    sure = [each for each in bars if each.is_sure]
    if not sure:
        return "No hyperparameter explains more than chance might"
    return f"What mattered most: {sure[0].name}, {sure[0].share:.0%} of the differences"
