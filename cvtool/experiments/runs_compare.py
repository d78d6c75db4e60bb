"""``runs compare``: how runs differ, in their settings and results, and by more than chance."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from cvtool.diagnostics.paired_runs import compare_pair, judged, not_comparable
from cvtool.errors import CvtoolError, UsageError
from cvtool.experiments.run_kinds import KINDS
from cvtool.experiments.same_images import SameImages
from cvtool.records import Compared, Curve, Note, PairCompared, RunComparison, Told, WorkRecord
from cvtool.runs import RunFolder, StoredRun

FIRST = ("outcome", "epochs", "val_accuracy", "parameters", "seconds")
"""What all results begin with, whatever command they are of."""
QUANTITIES = {"train_loss": min, "val_loss": min, "train_accuracy": max, "val_accuracy": max}
"""What has a curve, and which of its values is best."""
LEFT_OUT = ("run", "study", "best_val_accuracy", "winner", "exclude", *QUANTITIES)
"""What is said elsewhere, or is a path."""


def compare(names: Sequence[str]) -> Iterator[Note | WorkRecord | RunComparison]:
    """Compare runs by name or path, each with the first of them; the last record is the result.

    Raises
    ------
    UsageError
        If there are fewer than two.
    DataError
        If one is no run, or is damaged.
    """
    runs = [StoredRun(folder.path) for folder in RunFolder.open_all(names)]
    if len(runs) < 2:
        raise UsageError(f"compare takes two runs or more, not {names[0]} alone: name another")
    settings, results = _settings(runs), _results(runs)
    curves = tuple(curve for run in runs for curve in _curves(run))
    pairs = judged((yield from _pairs(runs)))
    yield RunComparison(
        runs=tuple(str(run.path) for run in runs),
        difference=pairs[0].difference,
        interval=pairs[0].interval,
        p_value=pairs[0].p_value,
        verdict=pairs[0].verdict,
        pairs=pairs,
        settings=settings,
        results=results,
        curves=curves,
    )


def _pairs(runs: Sequence[StoredRun]) -> Generator[Told, None, list[PairCompared]]:
    """Hold each of the other runs against the first, or say why that cannot be."""
    shown, pairs = SameImages(), []
    first = runs[0]
    for second in runs[1:]:
        names = first.name, second.name
        try:
            yield from shown.check((first, second))
            one, other = (yield from shown.ask(first)), (yield from shown.ask(second))
            pairs.append(compare_pair(*names, one.scored.right, other.scored.right))
        except CvtoolError as error:
            pairs.append(not_comparable(*names, str(error)))
    return pairs


def _settings(runs: Sequence[StoredRun]) -> tuple[Compared, ...]:
    """Name the settings that are not the same in all runs.

    What only other commands have to say is left out where it is their default.
    """
    chosen: list[Mapping[str, Any]] = [{"command": run.command, **run.config} for run in runs]
    names = dict.fromkeys(name for each in chosen for name in each)
    return tuple(
        Compared(name, tuple(each.get(name) for each in chosen))
        for name in names
        if _tells_apart(name, runs, chosen)
    )


def _tells_apart(name: str, runs: Sequence[StoredRun], chosen: Sequence[Mapping[str, Any]]) -> bool:
    values = [each[name] for each in chosen if name in each]
    if any(value != values[0] for value in values):
        return True
    return len(values) < len(runs) and any(
        each[name] != _default(name, run)
        for run, each in zip(runs, chosen, strict=True)
        if name in each
    )


def _default(name: str, run: StoredRun) -> Any:
    """Return the default of a setting of a command; None of what is not known here."""
    kind = KINDS.get(run.command)
    return kind.defaults(run.config).get(name) if kind else None


def _results(runs: Sequence[StoredRun]) -> tuple[Compared, ...]:
    """Lay results beside each other: numbers and words, not what holds more of them."""
    settings = {name for run in runs for name in run.config}
    found = {name for run in runs for name in _plain_results(run)} - {*LEFT_OUT, *FIRST, *settings}
    ordered = dict.fromkeys(name for run in runs for name in _plain_results(run) if name in found)
    compared = (
        Compared(name, tuple(run.value(name) for run in runs)) for name in (*FIRST, *ordered)
    )
    return tuple(each for each in compared if any(value is not None for value in each.values))


def _plain_results(run: StoredRun) -> Iterator[str]:
    """Name the results that are one number or word; those of the best setting, too."""
    for name, value in (run.result or {}).items():
        if not isinstance(value, Mapping | list):
            yield name
        elif name == "best" and isinstance(value, Mapping):
            yield from (f"best.{key}" for key, each in value.items() if not _holds_more(each))


def _holds_more(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def _curves(run: StoredRun) -> Iterator[Curve]:
    for name, best_of in QUANTITIES.items():
        values = tuple(epoch.get(name) for epoch in run.epochs)
        known = [(value, place) for place, value in enumerate(values, start=1) if value is not None]
        if known:
            best, epoch = best_of(known, key=lambda pair: pair[0])
            if name == "val_accuracy":  # of equal ones that which the run itself calls best
                marked = (place for place, each in enumerate(run.epochs, 1) if each.get("best"))
                epoch = max(marked, default=epoch)
            yield Curve(str(run.path), name, values, values[-1], best, epoch)
