"""Which settings are best: of trials, and of settings that were learned with several seeds."""

from collections.abc import Sequence
from math import fsum, inf, isfinite
from statistics import fmean, stdev

from cvtool.records import Candidate, TrialRecord
from cvtool.tuning.space import identity


def in_order(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Sort trials as they were numbered, whoever finished first."""
    return sorted(records, key=lambda record: (record.stage, record.number))


def judged(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Leave out the broken trials: they tell of the machine or a mistake, not of settings."""
    return [record for record in in_order(records) if record.outcome != "broken"]


def ranked(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Sort the trials that came to their end, the best first.

    Of equal accuracies the lower loss is better; where both are equal the earlier trial comes
    first.
    """
    finished = [
        record
        for record in in_order(records)
        if record.outcome == "finished" and isfinite(record.val_accuracy)
    ]
    return sorted(finished, key=merit)


def merit(record: TrialRecord) -> tuple[float, float]:
    """Return what is lower for the better of two trials that came to their end."""
    return -record.val_accuracy, record.val_loss if isfinite(record.val_loss) else inf


def best(records: Sequence[TrialRecord], count: int) -> list[TrialRecord]:
    """Return the ``count`` best of the trials that came to their end, and all equal to the last.

    Where nothing tells trials apart, none of them is preferred for having come first.
    """
    order = ranked(records)
    if count >= len(order):
        return order
    return [record for record in order if merit(record) <= merit(order[count - 1])]


def top(records: Sequence[TrialRecord], count: int) -> list[TrialRecord]:
    """Return the best trial of each of the ``count`` best settings, the best first."""
    firsts: dict[str, TrialRecord] = {}
    for record in ranked(records):
        firsts.setdefault(identity(record.params), record)
    return list(firsts.values())[:count]


def candidates(repeats: Sequence[TrialRecord]) -> tuple[Candidate, ...]:
    """Gather the repeats of each of several settings, the best first.

    Settings that failed with fewer seeds come first, then those of the higher mean accuracy, then
    those of the lower mean loss, then those that were tried first. Without a single trial that came
    to its end, settings are no candidate.

    Parameters
    ----------
    repeats
        Trials of the same length with the same seeds for all settings. The trials that settings
        were chosen for should not be among them: they were chosen for their luck as well.
    """
    groups: dict[str, list[TrialRecord]] = {}
    for record in judged(repeats):
        groups.setdefault(identity(record.params), []).append(record)
    return tuple(
        _candidate(group) for group in sorted(groups.values(), key=_group_merit) if ranked(group)
    )


def _group_merit(group: Sequence[TrialRecord]) -> tuple[float, ...]:
    """Return what is lower for the better of two settings.

    Seeds that failed count first: the mean of those that were lucky is no merit.
    """
    merits = [merit(record) for record in ranked(group)]
    failed = len(group) - len(merits)
    return failed, *(fsum(values) / len(merits) for values in zip(*merits, strict=True))


def _candidate(group: Sequence[TrialRecord]) -> Candidate:
    """Describe settings by the trials that came to their end, in their order."""
    finished = {id(record) for record in ranked(group)}
    accuracies = tuple(record.val_accuracy for record in group if id(record) in finished)
    deviation = stdev(accuracies) if len(accuracies) > 1 else 0.0
    return Candidate(dict(group[0].params), fmean(accuracies), deviation, accuracies)
