"""``runs export``: what runs measured epoch by epoch, in files that other programs read."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from cvtool.errors import DataError, UsageError
from cvtool.files import write_atomically
from cvtool.records import Exported
from cvtool.runs import RunFolder, StoredRun

Measured = dict[str, list[Mapping[str, Any]]]
"""The epochs of each run, by its name."""


def export(names: Sequence[str], *, format: str, to: Path) -> Exported:
    """Write the epochs of runs into a file, or for TensorBoard into a folder.

    Runs that have none are left out, and named in the record.

    Raises
    ------
    UsageError
        If the format is not known, its library is missing, or the file is there already.
    DataError
        If none has epochs, or one cannot be read.
    """
    if format not in FORMATS:
        raise UsageError(f"--format does not know '{format}': choose one of {', '.join(FORMATS)}")
    if to.exists():
        raise UsageError(f"there is {to} already: choose another name for --to")
    runs = [StoredRun(RunFolder.open(name).path) for name in dict.fromkeys(names)]
    measured = [run for run in runs if run.epochs]
    _check(runs, measured)
    FORMATS[format](measured, to)
    files = [to] if to.is_file() else [each for each in to.rglob("*") if each.is_file()]
    return Exported(
        path=str(to),
        format=format,
        runs=len(measured),
        epochs=sum(len(run.epochs) for run in measured),
        bytes=sum(each.stat().st_size for each in files),
        left_out=tuple(str(run.path) for run in runs if not run.epochs),
    )


def _check(runs: Sequence[StoredRun], measured: Sequence[StoredRun]) -> None:
    """Refuse where there is nothing to write, or a run would be written over another."""
    if not measured:
        raise DataError(
            f"{runs[0].path} has no epochs to export, as a run of '{runs[0].command}' that is "
            f"{runs[0].value('outcome')}: name runs that have learned"
        )
    paths: dict[str, Path] = {}
    for run in measured:
        if paths.setdefault(run.name, run.path) != run.path:
            raise UsageError(
                f"{paths[run.name]} and {run.path} have the same name: export them one by one"
            )


def _write_json(runs: Sequence[StoredRun], to: Path) -> None:
    measured: Measured = {run.name: run.epochs for run in runs}
    write_atomically(to, (json.dumps(measured, indent=1, allow_nan=False) + "\n").encode())


def _write_csv(runs: Sequence[StoredRun], to: Path) -> None:
    rows = [{"run": run.name, **_flat(epoch)} for run in runs for epoch in run.epochs]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(to, text.getvalue().encode())


def _write_events(runs: Sequence[StoredRun], to: Path) -> None:
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise UsageError(
            "--format tensorboard needs tensorboardX: install it by pip install "
            "'cvtool[tensorboard]'"
        ) from None
    for run in runs:
        began = datetime.fromisoformat(run.environment["started"]).timestamp()
        with SummaryWriter(logdir=str(to / run.name)) as writer:
            for epoch in run.epochs:
                began += epoch.get("seconds") or 0.0
                for name, value in _flat(epoch).items():
                    if isinstance(value, int | float) and name not in ("epoch", "best"):
                        writer.add_scalar(_tag(name), value, epoch["epoch"], walltime=began)


def _flat(epoch: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the health of layers into the row of their epoch, as ``conv1.update_ratio``."""
    row = {name: value for name, value in epoch.items() if name != "health"}
    for layer in epoch.get("health", ()):
        signs = {name: value for name, value in layer.items() if name != "layer"}
        row |= {
            f"{layer['layer']}.{name}": value for name, value in signs.items() if value is not None
        }
    return row


def _tag(name: str) -> str:
    """Group what TensorBoard shows together: ``loss/train``, ``update_ratio/conv1``."""
    if "." in name:
        layer, _, sign = name.rpartition(".")
        return f"{sign}/{layer}"
    part, _, what = name.partition("_")
    return f"{what}/{part}" if part in ("train", "val") else f"run/{name}"


FORMATS: dict[str, Callable[[Sequence[StoredRun], Path], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "tensorboard": _write_events,
}
