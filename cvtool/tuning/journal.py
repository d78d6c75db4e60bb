"""The trials of a study, one JSON line each, appended when it is finished."""

import json
from dataclasses import fields
from math import nan
from pathlib import Path
from typing import Any, get_args

from cvtool.errors import DataError
from cvtool.files import append_line, parse_json, read_lines
from cvtool.records import TrialOutcome, TrialRecord, plain

Key = tuple[int, int]
"""Stage and number of a trial."""

NUMBERS = ("train_accuracy", "val_accuracy", "train_loss", "val_loss")
"""What JSON cannot hold where it is no number."""

TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("stage", "number", "epochs", "seed", "best_epoch"), int),
    **dict.fromkeys((*NUMBERS, "seconds"), (int, float)),
    **dict.fromkeys(("outcome", "reason"), str),
    "params": dict,
}
"""What each field of a line may be."""


class Journal:
    """What is known of a study's trials; a kill at any moment loses no line that was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.known: dict[Key, TrialRecord] = {}
        """The trials that are finished, by stage and number."""
        for number, line in enumerate(read_lines(path), start=1):
            record = _read(line, f"line {number} of {path}")
            self.known[record.stage, record.number] = record

    def append(self, record: TrialRecord) -> None:
        """Write a trial down.

        Raises
        ------
        OSError
            If it cannot be written; those before it stay whole.
        """
        append_line(self._path, json.dumps(plain(record), allow_nan=False))
        self.known[record.stage, record.number] = record


def _read(line: str, source: str) -> TrialRecord:
    values: Any = parse_json(line, source=source)
    try:
        numbers = {name: nan if values[name] is None else values[name] for name in NUMBERS}
        record = TrialRecord(**{**values, **numbers})
        _check(record)
    except (TypeError, KeyError) as error:
        raise DataError(f"{source} is no trial ({error}): remove the line, or the study") from None
    return record


def _check(record: TrialRecord) -> None:
    """Hold a record to the types of its fields.

    Raises
    ------
    TypeError
        Naming a field that has another one.
    """
    for each in fields(record):
        value = getattr(record, each.name)
        if not isinstance(value, TYPES[each.name]):
            raise TypeError(f"its {each.name} is {value!r}")
    if record.outcome not in get_args(TrialOutcome):
        raise TypeError(f"its outcome is {record.outcome!r}")
