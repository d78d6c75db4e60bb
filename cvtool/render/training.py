"""Follow a training run to its end: progress, pictures, result."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

from cvtool.records import Findings, TrainResult
from cvtool.render import show as show_result
from cvtool.render.console import console
from cvtool.render.progress import Progress

Stream = Generator[Any, None, None]


def show(records: Iterator[Any], *, as_json: bool) -> TrainResult:
    """Show a run while it goes on and what came of it; draw its pictures.

    Parameters
    ----------
    records
        The stream of a training experiment, which ends in a TrainResult.
    as_json
        Whether the result goes to stdout as JSON.

    Returns
    -------
    TrainResult
        How the run ended.
    """
    with Progress(console(stderr=True)).live() as progress:
        findings, result = _follow(cast(Stream, records), progress)
        if findings:
            progress.busy("drawing pictures")
            from cvtool.render.plots import draw

            draw(findings, Path(result.run) / "plots")
    show_result(result, as_json=as_json)
    return result


def _follow(records: Stream, progress: Progress) -> tuple[Findings | None, TrainResult]:
    """Tell all records; Ctrl-C between two of them reaches the experiment, which saves."""
    last: dict[type, Any] = {}
    record = next(records)
    while not isinstance(record, TrainResult):
        try:
            last[type(record)] = record
            progress.tell(record)
            record = next(records)
        except KeyboardInterrupt:
            record = records.throw(KeyboardInterrupt)
    return last.get(Findings), record
