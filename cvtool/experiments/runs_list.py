"""``runs list``: which runs there are, of thousands those that were asked for."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from cvtool.config import ListConfig
from cvtool.errors import DataError, UsageError
from cvtool.records import DamagedRun, RunList
from cvtool.runs import SUMMARY, Condition, StoredRun, parse_conditions, run_folders
from cvtool.runs.conditions import key_name

Values = Mapping[str, Any]


def list_runs(config: ListConfig) -> RunList:
    """List runs by their keys; see ``runs.stored`` for what a key may be.

    What is equal stays in the order of the names, and what lacks the key to sort by comes last.

    Raises
    ------
    UsageError
        If conditions cannot be read, or no run has such a key.
    """
    conditions = parse_conditions(config.filter)
    descending, by = config.sort.startswith("-"), key_name(config.sort.removeprefix("-"))
    shown = _columns(config.columns)
    asked = {by: "--sort", **{each.key: "--filter" for each in conditions}}
    asked |= dict.fromkeys(shown, "--columns")
    runs, damaged = _look(tuple(asked))
    _check_keys(asked, runs)
    chosen = [run for run in runs if _all_hold(conditions, run)]
    ordered = _sorted(chosen, by, descending=descending)
    if config.last is not None:
        ordered = ordered[-config.last :]
    rows = tuple({key: run[key] for key in shown} for run in ordered)
    return RunList(shown, rows, tuple(damaged), len(runs))


def _columns(keys: str | None) -> tuple[str, ...]:
    return tuple(SUMMARY) if keys is None else tuple(map(key_name, keys.split(",")))


def _look(keys: Sequence[str]) -> tuple[list[Values], list[DamagedRun]]:
    """Read these keys of all runs, and name the folders where that cannot be done."""
    runs: list[Values] = []
    damaged: list[DamagedRun] = []
    for path in run_folders():
        run = StoredRun(path)
        try:
            _ = run.environment, run.result  # damage is told whatever was asked for
            runs.append({key: run.value(key) for key in keys})
        except (DataError, OSError) as error:
            damaged.append(DamagedRun(run.name, _reason(error)))
    return runs, damaged


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _check_keys(asked: Mapping[str, str], runs: Sequence[Values]) -> None:
    """Refuse a key that no run has."""
    for key, option in asked.items():
        if not runs or key in SUMMARY or any(run[key] is not None for run in runs):
            continue
        near = get_close_matches(key, sorted(_known_keys()), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(SUMMARY)}"
        raise UsageError(f"{option}: no run has '{key}', or it is left open in all: {hint}")


def _known_keys() -> set[str]:
    """Name what runs may be asked for, as far as they can be read."""
    known: set[str] = set()
    for path in run_folders():
        try:
            known |= StoredRun(path).keys()
        except (DataError, OSError):
            continue
    return known


def _all_hold(conditions: Sequence[Condition], run: Values) -> bool:
    return all(each.holds(run[each.key]) for each in conditions)


def _sorted(runs: Sequence[Values], by: str, *, descending: bool) -> list[Values]:
    having = [run for run in runs if run[by] is not None]
    having.sort(key=lambda run: _rank(run[by]), reverse=descending)
    return [*having, *(run for run in runs if run[by] is None)]


def _rank(value: Any) -> tuple[bool, float, str]:
    """Put numbers before words, and each in their own order."""
    is_number = isinstance(value, int | float)
    return not is_number, value if is_number else 0.0, "" if is_number else str(value)
