"""The values that names are given on the command line: ``w=-3``, ``x=[1,2]``, ``W=1,2;3,4``."""

import json
from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np

from cvtool.errors import UsageError
from cvtool.graph.nodes import Array, Node

_FORMS = "write a number, a vector as [1,2] or a matrix as [[1,2],[3,4]]"


def read_values(assignments: Sequence[str], order: Sequence[Node]) -> dict[str, Array]:
    """Read what every name of a graph is worth, float64, in the order of the assignments.

    Raises
    ------
    UsageError
        If a name is missing, unused or given twice, or a value is no finite number or array.
    """
    names = [each.name for each in order if each.name]
    values: dict[str, Array] = {}
    for text in assignments:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise UsageError(f"'{text}' gives no name a value: write name=value")
        if name in values:
            raise UsageError(f"{name} is given twice: leave one of the two out")
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else "leave it out"
            raise UsageError(f"the expression has no {name}: {hint}")
        values[name] = _read(name, value)
    missing = [name for name in names if name not in values]
    if missing:
        what = " and ".join(missing)
        raise UsageError(f"{what} has no value: write {' '.join(f'{each}=1' for each in missing)}")
    return values


def _read(name: str, text: str) -> Array:
    try:
        value = np.array(_parsed(text), np.float64)
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise UsageError(f"{name}={text[:40]} is no number or array: {_FORMS}") from None
    if value.ndim > 2 or not value.size:
        raise UsageError(f"{name} is empty or has more than two dimensions: {_FORMS}")
    if not np.isfinite(value).all():
        raise UsageError(f"{name} is not finite: {_FORMS}")
    return value


def _parsed(text: str) -> object:
    """Read brackets as JSON, and otherwise numbers between commas, rows between semicolons."""
    if text.startswith("["):
        return _numbers(json.loads(text))
    rows = [[float(each) for each in row.split(",")] for row in text.split(";")]
    if len(rows) > 1:
        return rows
    return rows[0] if "," in text else rows[0][0]


def _numbers(value: object) -> object:
    """Let nothing pass but numbers and lists of them: NumPy would read texts and truths as well."""
    if isinstance(value, list):
        return [_numbers(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return value
