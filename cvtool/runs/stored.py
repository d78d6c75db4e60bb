"""What a run folder holds, whatever command it is of: read file by file, and only when asked.

A key is a column of ``SUMMARY``, or any name in ``result.json``, ``config.toml`` or
``environment.json``, looked for in that order; ``config.seed`` says where to look, and ``best.k``
goes into a table.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from cvtool.errors import DataError
from cvtool.files import parse_json, read_lines, read_toml
from cvtool.locks import is_locked
from cvtool.runs.publishing import LOCK, RUNS

RUNNING = "running"
STOPPED = "stopped"
"""The outcomes of a run without a result: somebody is at work in its folder, or nobody is."""


class StoredRun:
    """The files of one run, each read when it is first asked for.

    Raises
    ------
    DataError, OSError
        Wherever a file that is asked for is damaged or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    @cached_property
    def environment(self) -> Mapping[str, Any]:
        """What the run stands on."""
        values = self._read_json("environment.json")
        if values is None:
            is_run = (self.path / "config.toml").exists()
            words = "a whole run: it has no environment.json" if is_run else "a run"
            raise DataError(f"{self.path} is not {words}")
        return values

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """What repeats the run."""
        return _read_settings(self.path / "config.toml")

    @cached_property
    def result(self) -> Mapping[str, Any] | None:
        """How the run ended, None where it has not."""
        return self._read_json("result.json")

    @cached_property
    def epochs(self) -> list[Mapping[str, Any]]:
        """The epochs so far, as they were written."""
        path = self.path / "metrics.jsonl"
        return [
            _table(parse_json(line, source=f"line {number} of {path}"), path)
            for number, line in enumerate(read_lines(path), start=1)
        ]

    @property
    def command(self) -> str:
        """What the run is of, as ``data check``."""
        command = self.environment.get("command", "train-cnn")
        if not isinstance(command, str):
            raise DataError(f"{self.path} is damaged: its command is no word but {command!r:.40}")
        return command

    def value(self, key: str) -> Any:
        """Look a key up; None where the run has no such thing."""
        if key in SUMMARY:
            return SUMMARY[key](self)
        first, _, rest = key.partition(".")
        if first in PLACES and rest:
            return _within(PLACES[first](self), rest)
        found = (_within(read(self), key) for read in PLACES.values())
        return next((value for value in found if value is not None), None)

    @property
    def is_running(self) -> bool:
        """Whether a process is at work in the folder; False where that cannot be found out."""
        return is_locked(self.path / LOCK)

    def keys(self) -> set[str]:
        """Name all there is to ask for, but for what lies within tables."""
        return {*SUMMARY, *(self.result or ()), *self.config, *self.environment}

    def _read_json(self, name: str) -> Mapping[str, Any] | None:
        # Not through Path, which would take as long as reading does.
        path = f"{self.path}{os.sep}{name}"
        try:
            with open(path, "rb") as file:  # noqa: PTH123
                content = file.read()
        except FileNotFoundError:
            return None
        return _table(parse_json(content, source=path), path)


def run_folders() -> Iterator[Path]:
    """Go through the folders in ``runs/`` by name; what is hidden is still being made, or going."""
    if not RUNS.is_dir():
        return
    with os.scandir(RUNS) as entries:
        names = sorted(each.name for each in entries if each.name[0] != "." and each.is_dir())
    yield from (RUNS / name for name in names)


_FLAT = re.compile(
    r'(?:\w+ = (?:"[^"\\\n]*"|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?)\n)*', re.ASCII
)
"""A table of lines that mean the same in JSON, as settings are written unless one needs escapes."""
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
"""Signs that the one or the other does not take, and bytes that are no text."""


def _read_settings(path: Path) -> Mapping[str, Any]:
    """Read settings, the plain ones through JSON's compiled parser: in a fraction of the time."""
    found = _plain_settings(path.read_bytes().decode(errors="surrogateescape"))
    return read_toml(path) if found is None else found


def _plain_settings(text: str) -> Mapping[str, Any] | None:
    if not _FLAT.fullmatch(text) or _UNSEEN.search(text):
        return None
    lines = text.split("\n")[:-1]
    members = ",".join(f'"{line}'.replace(" = ", '": ', 1) for line in lines)
    values: dict[str, Any] = json.loads(f"{{{members}}}")
    return values if len(values) == len(lines) else None  # else a name is there twice


def _table(values: Any, path: Any) -> Mapping[str, Any]:
    if not isinstance(values, dict):
        raise DataError(f"{path} is damaged: it holds no table of names and values")
    return values


def _within(values: Mapping[str, Any] | None, key: str) -> Any:
    """Look up ``best.k`` as ``k`` of ``best``."""
    found: Any = values
    for name in key.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _outcome(run: StoredRun) -> str:
    if run.result is None:
        return RUNNING if run.is_running else STOPPED
    if "ok" in run.result:
        return "passed" if run.result["ok"] else "failed"
    return str(run.result.get("outcome", "finished"))


def _dataset(run: StoredRun) -> Any:
    return run.config.get("dataset") if run.result is None else run.result.get("dataset")


def _epochs(run: StoredRun) -> Any:
    return len(run.epochs) or None if run.result is None else run.result.get("epochs")


def _val_accuracy(run: StoredRun) -> Any:
    """Find the best validation accuracy, wherever a command writes it."""
    if run.result is None:
        return max(_numbers(run, "val_accuracy"), default=None)
    best = run.result.get("best")
    if not isinstance(best, Mapping):
        return run.result.get("best_val_accuracy")
    if run.result.get("split", "val") != "val":
        return None
    return best.get("val_accuracy", best.get("accuracy"))


def _numbers(run: StoredRun, name: str) -> list[float]:
    """Collect what was measured over the epochs, where it is a number."""
    values = (each.get(name) for each in run.epochs)
    return [each for each in values if isinstance(each, int | float)]


def _parameters(run: StoredRun) -> Any:
    return (run.result or {}).get("parameters")


def _seconds(run: StoredRun) -> Any:
    if run.result is None:
        return sum(_numbers(run, "seconds")) or None
    return run.result.get("seconds")


PLACES: dict[str, Callable[[StoredRun], Mapping[str, Any] | None]] = {
    "result": lambda run: run.result,
    "config": lambda run: run.config,
    "environment": lambda run: run.environment,
}

SUMMARY: dict[str, Callable[[StoredRun], Any]] = {
    "name": lambda run: run.name,
    "command": lambda run: run.command,
    "dataset": _dataset,
    "started": lambda run: run.environment.get("started"),
    "outcome": _outcome,
    "epochs": _epochs,
    "val_accuracy": _val_accuracy,
    "parameters": _parameters,
    "seconds": _seconds,
}
"""What every run is listed by, and where to find it."""
